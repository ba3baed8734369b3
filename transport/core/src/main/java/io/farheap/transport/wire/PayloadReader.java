package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a payload field by field and never beyond it: whatever the bytes are, the result is a value
 * or a {@link WireException}, and nothing longer than the payload is allocated.
 */
public final class PayloadReader {
  private final ByteBuffer payload;

  /**
   * Reads what is between a buffer's position and limit; the buffer's own position stays.
   *
   * @param payload the payload
   */
  public PayloadReader(ByteBuffer payload) {
    this.payload = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads 8 bits.
   *
   * @return 0 to 255
   */
  public int u8() {
    require(Byte.BYTES);
    return payload.get() & 0xFF;
  }

  /**
   * Reads 16 bits.
   *
   * @return 0 to 65535
   */
  public int u16() {
    require(Short.BYTES);
    return payload.getShort() & 0xFFFF;
  }

  /**
   * Reads 32 bits.
   *
   * @return any number
   */
  public int i32() {
    require(Integer.BYTES);
    return payload.getInt();
  }

  /**
   * Reads 64 bits.
   *
   * @return any number
   */
  public long i64() {
    require(Long.BYTES);
    return payload.getLong();
  }

  /**
   * Reads bytes.
   *
   * @param count how many, as the protocol or a field before says
   * @return a copy
   */
  public byte[] bytes(int count) {
    require(count);
    byte[] copy = new byte[count];
    payload.get(copy);
    return copy;
  }

  /**
   * Reads a name: its length in 8 bits, then printable ASCII without blanks.
   *
   * @return the name, perhaps empty
   */
  public String name() {
    byte[] letters = bytes(u8());
    for (byte letter : letters) {
      if (letter <= ' ' || letter > '~') {
        throw new WireException(
            Defect.BAD_PAYLOAD, "byte " + letter + " in a name; only printable ASCII is allowed");
      }
    }
    return new String(letters, StandardCharsets.US_ASCII);
  }

  /**
   * How much is left.
   *
   * @return bytes that were not read yet
   */
  public int remaining() {
    return payload.remaining();
  }

  /**
   * Ends the reading.
   *
   * @throws WireException if anything is left
   */
  public void end() {
    if (payload.hasRemaining()) {
      throw new WireException(
          Defect.BAD_PAYLOAD, payload.remaining() + " bytes too many in the payload");
    }
  }

  private void require(int bytes) {
    if (bytes > payload.remaining()) {
      throw new WireException(
          Defect.BAD_PAYLOAD,
          "the payload ends after "
              + payload.limit()
              + " bytes, "
              + (bytes - payload.remaining())
              + " too early");
    }
  }
}
