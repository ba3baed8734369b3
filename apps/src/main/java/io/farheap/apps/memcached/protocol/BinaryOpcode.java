package io.farheap.apps.memcached.protocol;

/** The commands of the binary protocol. */
public enum BinaryOpcode {
  /** Value of a key. */
  GET(0x00),
  /** Store. */
  SET(0x01),
  /** Store what is not there. */
  ADD(0x02),
  /** Store what is there. */
  REPLACE(0x03),
  /** Delete. */
  DELETE(0x04),
  /** Add to a number. */
  INCREMENT(0x05),
  /** Subtract from a number. */
  DECREMENT(0x06),
  /** End the connection. */
  QUIT(0x07),
  /** Forget all items. */
  FLUSH(0x08),
  /** Nothing; its reply says that all before it was done. */
  NOOP(0x0a),
  /** Show the version. */
  VERSION(0x0b),
  /** Value of a key, with the key. */
  GETK(0x0c),
  /** Store behind the value that is there. */
  APPEND(0x0e),
  /** Store before the value that is there. */
  PREPEND(0x0f),
  /** Show figures. */
  STAT(0x10),
  /** How much is logged. */
  VERBOSITY(0x1b),
  /** Let expire at another time. */
  TOUCH(0x1c),
  /** Value of a key, which expires at another time from then on. */
  GAT(0x1d),
  /** Which ways to say who the client is there are. */
  SASL_LIST_MECHS(0x20),
  /** Say who the client is. */
  SASL_AUTH(0x21),
  /** Say more about it. */
  SASL_STEP(0x22),
  /** As {@link #GAT}, with the key. */
  GATK(0x23),
  /** A command that there is not. */
  UNKNOWN(-1);

  private static final int[][] QUIET = {
    {0x09, 0x00},
    {0x0d, 0x0c},
    {0x11, 0x01},
    {0x12, 0x02},
    {0x13, 0x03},
    {0x14, 0x04},
    {0x15, 0x05},
    {0x16, 0x06},
    {0x17, 0x07},
    {0x18, 0x08},
    {0x19, 0x0e},
    {0x1a, 0x0f},
    {0x1e, 0x1d},
    {0x24, 0x23}
  };
  private static final int CODES = 256;
  private static final BinaryOpcode[] BY_CODE = new BinaryOpcode[CODES];
  private static final boolean[] IS_QUIET = new boolean[CODES];

  static {
    java.util.Arrays.fill(BY_CODE, UNKNOWN);
    for (BinaryOpcode opcode : values()) {
      if (opcode != UNKNOWN) {
        BY_CODE[opcode.code] = opcode;
      }
    }
    for (int[] pair : QUIET) {
      BY_CODE[pair[0]] = BY_CODE[pair[1]];
      IS_QUIET[pair[0]] = true;
    }
  }

  private final int code;

  BinaryOpcode(int code) {
    this.code = code;
  }

  /**
   * What a code means; quiet forms mean what the others do.
   *
   * @param code 0 to 255
   */
  public static BinaryOpcode of(int code) {
    return BY_CODE[code];
  }

  /** Whether a code asks for no reply where there is nothing to say. */
  public static boolean isQuiet(int code) {
    return IS_QUIET[code];
  }

  /** The number by which a client says it. */
  public int code() {
    return code;
  }
}
