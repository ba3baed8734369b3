package io.farheap.transport.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header that every frame begins with; all numbers are little-endian.
 *
 * <pre>
 *   0        4        8        12       16              24       28       32      36       48
 *  ┌────────┬────────┬─┬─┬────┬────────┬───────────────┬────────┬────────┬───────┬────────┬─────────
 *  │checksum│ frame  │o│f│sta-│sequence│ subject       │ offset │ length │ epoch │ zeros  │payload …
 *  │ CRC-32C│ bytes  │p│l│tus │        │ (slab)        │        │        │       │        │
 *  └────────┴────────┴─┴─┴────┴────────┴───────────────┴────────┴────────┴───────┴────────┴─────────
 * </pre>
 *
 * <p>HELLO and its reply end with the length: that is how version 1 began, and so sides of any two
 * versions can tell each other which they speak.
 *
 * <p>The checksum covers everything after itself. The accessors take the position of the header's
 * first byte, ignore the buffer's own position and byte order, and check nothing but the buffer's
 * bounds.
 */
public final class FrameLayout {
  private static final int CHECKSUM = 0;
  private static final int FRAME_BYTES = CHECKSUM + Integer.BYTES;
  private static final int OPCODE = FRAME_BYTES + Integer.BYTES;
  private static final int FLAGS = OPCODE + Byte.BYTES;
  private static final int STATUS = FLAGS + Byte.BYTES;
  private static final int SEQUENCE = STATUS + Short.BYTES;
  private static final int SUBJECT = SEQUENCE + Integer.BYTES;
  private static final int OFFSET = SUBJECT + Long.BYTES;
  private static final int LENGTH = OFFSET + Integer.BYTES;
  private static final int EPOCH = LENGTH + Integer.BYTES;
  private static final int RESERVED = EPOCH + Integer.BYTES;
  private static final int RESERVED_BYTES = 12;

  /** Size of the header of HELLO and its reply, in all versions. */
  public static final int HELLO_HEADER_BYTES = EPOCH;

  /** Size of the header of all other frames. */
  public static final int HEADER_BYTES = RESERVED + RESERVED_BYTES;

  /** How many of a frame's first bytes the checksum does not cover: itself. */
  public static final int CHECKSUM_BYTES = FRAME_BYTES;

  /** How many of a frame's first bytes tell how long it is. */
  public static final int PREFIX_BYTES = OPCODE;

  /** The flag of a reply; a request has none. */
  public static final int REPLY = 1;

  /** The flag of what a server says unasked. */
  public static final int EVENT = 2;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private FrameLayout() {}

  /**
   * Writes a header; the checksum is set by {@link FrameChecksum#seal} once the payload is there.
   *
   * @param buffer where to
   * @param at position of the header
   * @param frameBytes length of the whole frame
   * @param opcode the operation
   * @param flags 0, {@link #REPLY} or {@link #EVENT}
   * @param status {@link Status#OK} in a request
   * @param sequence the frame's number on its connection
   * @param subject slab id, or what the operation defines
   * @param offset first byte in the slab, or what the operation defines
   * @param lengthBytes bytes to copy, or what the operation defines
   */
  public static void putHeader(
      ByteBuffer buffer,
      int at,
      int frameBytes,
      Opcode opcode,
      int flags,
      Status status,
      int sequence,
      long subject,
      int offset,
      int lengthBytes) {
    INT.set(buffer, at + CHECKSUM, 0);
    INT.set(buffer, at + FRAME_BYTES, frameBytes);
    buffer.put(at + OPCODE, (byte) opcode.code());
    buffer.put(at + FLAGS, (byte) flags);
    SHORT.set(buffer, at + STATUS, (short) status.code());
    INT.set(buffer, at + SEQUENCE, sequence);
    LONG.set(buffer, at + SUBJECT, subject);
    INT.set(buffer, at + OFFSET, offset);
    INT.set(buffer, at + LENGTH, lengthBytes);
    if (opcode != Opcode.HELLO) {
      INT.set(buffer, at + EPOCH, 0);
      LONG.set(buffer, at + RESERVED, 0);
      INT.set(buffer, at + RESERVED + Long.BYTES, 0);
    }
  }

  /**
   * Size of a frame's header.
   *
   * @param opcode what the frame asks for or answers
   * @return {@link #HELLO_HEADER_BYTES} or {@link #HEADER_BYTES}
   */
  public static int headerBytes(Opcode opcode) {
    return opcode == Opcode.HELLO ? HELLO_HEADER_BYTES : HEADER_BYTES;
  }

  /**
   * A frame's payload.
   *
   * @param buffer a checked frame
   * @param at position of its header
   * @param frameBytes length of the whole frame
   * @return the payload between position and limit; the same bytes
   */
  public static ByteBuffer payload(ByteBuffer buffer, int at, int frameBytes) {
    int headerBytes = headerBytes(Opcode.of(opcode(buffer, at)));
    return buffer.slice(at + headerBytes, frameBytes - headerBytes);
  }

  static void checksum(ByteBuffer buffer, int at, int checksum) {
    INT.set(buffer, at + CHECKSUM, checksum);
  }

  static int checksum(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + CHECKSUM);
  }

  static int frameBytes(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + FRAME_BYTES);
  }

  static int opcode(ByteBuffer buffer, int at) {
    return buffer.get(at + OPCODE) & 0xFF;
  }

  static int flags(ByteBuffer buffer, int at) {
    return buffer.get(at + FLAGS) & 0xFF;
  }

  static int status(ByteBuffer buffer, int at) {
    return (short) SHORT.get(buffer, at + STATUS) & 0xFFFF;
  }

  static int sequence(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + SEQUENCE);
  }

  static int epoch(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + EPOCH);
  }

  /** Whether the bytes without a meaning are zero. */
  static boolean reservedIsZero(ByteBuffer buffer, int at) {
    return ((long) LONG.get(buffer, at + RESERVED)
            | (int) INT.get(buffer, at + RESERVED + Long.BYTES))
        == 0;
  }

  /**
   * The slab id, or what the operation defines.
   *
   * @param buffer a checked frame
   * @param at position of its header
   * @return the subject
   */
  public static long subject(ByteBuffer buffer, int at) {
    return (long) LONG.get(buffer, at + SUBJECT);
  }

  /**
   * The first byte in the slab, or what the operation defines.
   *
   * @param buffer a checked frame
   * @param at position of its header
   * @return the offset, which the sender may have chosen at will
   */
  public static int offset(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + OFFSET);
  }

  /**
   * The bytes to copy, or what the operation defines.
   *
   * @param buffer a checked frame
   * @param at position of its header
   * @return the length, which the sender may have chosen at will
   */
  public static int lengthBytes(ByteBuffer buffer, int at) {
    return (int) INT.get(buffer, at + LENGTH);
  }
}
