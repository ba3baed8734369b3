package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a small payload field by field, as {@link PayloadReader} reads it. */
public final class PayloadWriter {
  private static final int MAX_NAME = 255;
  private ByteBuffer payload = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins an empty payload. */
  public PayloadWriter() {}

  /**
   * Writes 8 bits.
   *
   * @param value 0 to 255
   * @return this
   */
  public PayloadWriter u8(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  /**
   * Writes 16 bits.
   *
   * @param value 0 to 65535
   * @return this
   */
  public PayloadWriter u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  /**
   * Writes 32 bits.
   *
   * @param value any number
   * @return this
   */
  public PayloadWriter i32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  /**
   * Writes 64 bits.
   *
   * @param value any number
   * @return this
   */
  public PayloadWriter i64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  /**
   * Writes bytes.
   *
   * @param value the bytes
   * @return this
   */
  public PayloadWriter bytes(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  /**
   * Writes a name.
   *
   * @param value printable ASCII without blanks, at most 255 letters
   * @return this
   * @throws IllegalArgumentException if it is longer
   */
  public PayloadWriter name(String value) {
    byte[] letters = value.getBytes(StandardCharsets.US_ASCII);
    if (letters.length > MAX_NAME) {
      throw new IllegalArgumentException(
          "a name of " + letters.length + " letters; at most " + MAX_NAME + " are allowed");
    }
    return u8(letters.length).bytes(letters);
  }

  /**
   * The payload so far.
   *
   * @return a copy
   */
  public byte[] toBytes() {
    return Arrays.copyOf(payload.array(), payload.position());
  }

  private ByteBuffer room(int bytes) {
    if (payload.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(2 * (payload.position() + bytes)).order(ByteOrder.LITTLE_ENDIAN);
      payload = larger.put(payload.flip());
    }
    return payload;
  }
}
