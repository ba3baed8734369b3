package io.farheap.apps.memcached.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The head of a request of the binary protocol: 24 bytes, then extras, key and value.
 *
 * <pre>
 * 0      1       2         4       5          6       8        12      16     24
 * +------+-------+---------+-------+----------+-------+--------+-------+------+
 * | 0x80 | opcode| key len | extras| data type| vbuck.| body   | opaque| cas  |
 * +------+-------+---------+-------+----------+-------+--------+-------+------+
 * </pre>
 */
public final class BinaryRequest {
  /** Bytes of a head, of requests and of replies. */
  public static final int HEAD_BYTES = 24;

  /** First byte of a request. */
  public static final byte MAGIC = (byte) 0x80;

  /** First byte of a reply. */
  public static final byte REPLY_MAGIC = (byte) 0x81;

  /** Where the opcode is. */
  public static final int OPCODE_AT = 1;

  /** Where the key's length is. */
  public static final int KEY_LENGTH_AT = 2;

  /** Where the extras' length is. */
  public static final int EXTRAS_LENGTH_AT = 4;

  /** Where a reply's status is. */
  public static final int STATUS_AT = 6;

  /** Where the length of all that follows is. */
  public static final int BODY_LENGTH_AT = 8;

  /** Where the number is that the reply repeats. */
  public static final int OPAQUE_AT = 12;

  /** Where the version is. */
  public static final int CAS_AT = 16;

  private static final int STORE_EXTRAS = 8;
  private static final int DELTA_EXTRAS = 20;
  private static final int TIME_EXTRAS = 4;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private MemorySegment base = MemorySegment.NULL;
  private long at;
  private int code;
  private BinaryOpcode opcode = BinaryOpcode.UNKNOWN;
  private int keyLength;
  private int extrasLength;
  private long bodyLength;

  /** Creates a request that was not read yet. */
  public BinaryRequest() {}

  /**
   * Reads a head.
   *
   * @param bytes where it is
   * @param from its first byte, with at least {@link #HEAD_BYTES} of them
   * @return whether it begins as a request must
   */
  public boolean read(MemorySegment bytes, long from) {
    base = bytes;
    at = from;
    code = bytes.get(ValueLayout.JAVA_BYTE, from + OPCODE_AT) & 0xFF;
    opcode = BinaryOpcode.of(code);
    keyLength = Short.toUnsignedInt(bytes.get(SHORT, from + KEY_LENGTH_AT));
    extrasLength = bytes.get(ValueLayout.JAVA_BYTE, from + EXTRAS_LENGTH_AT) & 0xFF;
    bodyLength = Integer.toUnsignedLong(bytes.get(INT, from + BODY_LENGTH_AT));
    return bytes.get(ValueLayout.JAVA_BYTE, from) == MAGIC;
  }

  /** Whether key and extras are within the body. */
  public boolean fits() {
    return keyLength + extrasLength <= bodyLength;
  }

  /** Whether the parts of the body are those that the command wants. */
  public boolean isWellFormed() {
    if (keyLength > TextRequest.MAX_KEY_BYTES) {
      return false;
    }
    long value = bodyLength - keyLength - extrasLength;
    return switch (opcode) {
      case GET, GETK, DELETE -> extrasLength == 0 && keyLength > 0 && value == 0;
      case SET, ADD, REPLACE -> extrasLength == STORE_EXTRAS && keyLength > 0;
      case INCREMENT, DECREMENT -> extrasLength == DELTA_EXTRAS && keyLength > 0 && value == 0;
      case APPEND, PREPEND -> extrasLength == 0 && keyLength > 0;
      case TOUCH, GAT, GATK -> extrasLength == TIME_EXTRAS && keyLength > 0 && value == 0;
      case QUIT, NOOP, VERSION, SASL_LIST_MECHS -> bodyLength == 0;
      case FLUSH -> keyLength == 0 && value == 0 && (extrasLength == 0 || extrasLength == 4);
      case VERBOSITY -> keyLength == 0 && value == 0 && extrasLength == TIME_EXTRAS;
      case STAT -> extrasLength == 0 && value == 0;
      case SASL_AUTH, SASL_STEP -> extrasLength == 0 && keyLength > 0;
      case UNKNOWN -> true;
    };
  }

  /** What is to be done. */
  public BinaryOpcode opcode() {
    return opcode;
  }

  /** The opcode as it came. */
  public int code() {
    return code;
  }

  /** Whether there is no reply where there is nothing to say. */
  public boolean isQuiet() {
    return BinaryOpcode.isQuiet(code);
  }

  /** Where the key begins. */
  public long keyAt() {
    return at + HEAD_BYTES + extrasLength;
  }

  /** Length of the key in bytes. */
  public int keyLength() {
    return keyLength;
  }

  /** Length of the extras in bytes. */
  public int extrasLength() {
    return extrasLength;
  }

  /** Length of extras, key and value in bytes. */
  public long bodyLength() {
    return bodyLength;
  }

  /** Where the value begins. */
  public long valueAt() {
    return keyAt() + keyLength;
  }

  /** Length of the value in bytes. */
  public long valueLength() {
    return bodyLength - keyLength - extrasLength;
  }

  /** The number that the reply repeats, in the order of its bytes. */
  public int opaque() {
    return base.get(INT, at + OPAQUE_AT);
  }

  /** The version that the client knows; 0 for any. */
  public long cas() {
    return base.get(LONG, at + CAS_AT);
  }

  /** Four bytes of the extras. */
  public int extrasInt(int offset) {
    return base.get(INT, at + HEAD_BYTES + offset);
  }

  /** Eight bytes of the extras. */
  public long extrasLong(int offset) {
    return base.get(LONG, at + HEAD_BYTES + offset);
  }
}
