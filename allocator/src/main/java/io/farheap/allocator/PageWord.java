package io.farheap.allocator;

/**
 * Codec of a page-table word.
 *
 * <pre>
 *  63    61  60   59    58            31 30        0
 * +--------+----+------+----------------+-----------+
 * | state  | W  | flag |     frame      |  version  |
 * +--------+----+------+----------------+-----------+
 * </pre>
 *
 * W: a write of this page to far memory is in flight. The flag is the <em>path selector flag</em>
 * while the page is REMOTE or FETCHING (set: paging path, clear: object path) and the
 * <em>referenced</em> bit while it is LOCAL. The version changes with every transition, so that
 * nobody takes a word for unchanged that was given away and came back; only setting or clearing the
 * referenced bit and W keep it. A word of zeros is a FREE page.
 */
public final class PageWord {
  /** Bytes in a page and in a frame. */
  public static final int PAGE_BYTES = 4096;

  /** Base-2 logarithm of {@link #PAGE_BYTES}. */
  public static final int PAGE_SHIFT = 12;

  /** Not allocated, or recycled. */
  public static final int FREE = 0;

  /** In a frame, mapped. */
  public static final int LOCAL = 1;

  /** In a frame, unmapped, on its way out; a dereference may rescue it. */
  public static final int LEAVING = 2;

  /** In a frame, immutable source of copies; never mapped again. */
  public static final int QUIET = 3;

  /** In far memory only. */
  public static final int REMOTE = 4;

  /** One thread is bringing it in. */
  public static final int FETCHING = 5;

  /** Continuation of a large object's run; the frame field holds the distance to the head. */
  public static final int BODY = 6;

  static final int VERSION_BITS = 31;
  static final int FRAME_BITS = 28;
  static final int FRAME_SHIFT = VERSION_BITS;
  static final int FLAG_SHIFT = FRAME_SHIFT + FRAME_BITS;
  static final int WRITE_SHIFT = FLAG_SHIFT + 1;
  static final int STATE_SHIFT = WRITE_SHIFT + 1;
  static final int STATE_BITS = 3;

  private static final long VERSION_MASK = (1L << VERSION_BITS) - 1;
  private static final long FRAME_MASK = (1L << FRAME_BITS) - 1;
  private static final long FLAG = 1L << FLAG_SHIFT;
  private static final long WRITE = 1L << WRITE_SHIFT;
  private static final long STATE_MASK = -1L << STATE_SHIFT;
  private static final long HIT_MASK = STATE_MASK | FLAG;
  private static final long HIT = ((long) LOCAL << STATE_SHIFT) | FLAG;
  private static final int OFFSET_SHIFT = FRAME_SHIFT - PAGE_SHIFT;
  private static final long OFFSET_MASK = FRAME_MASK << PAGE_SHIFT;

  /** Most frames that a word can tell apart. */
  public static final int MAX_FRAMES = 1 << FRAME_BITS;

  private PageWord() {}

  /** State of the page. */
  public static int state(long pageWord) {
    return (int) (pageWord >>> STATE_SHIFT);
  }

  /** Whether the page is LOCAL with its referenced bit set: all that a hit has to know. */
  public static boolean isHit(long pageWord) {
    return (pageWord & HIT_MASK) == HIT;
  }

  /** Frame number, or for BODY the distance to the head in pages. */
  public static int frame(long pageWord) {
    return (int) ((pageWord >>> FRAME_SHIFT) & FRAME_MASK);
  }

  /** Byte offset of the frame in the frame pool. */
  public static long frameOffset(long pageWord) {
    return (pageWord >>> OFFSET_SHIFT) & OFFSET_MASK;
  }

  /** Transition count, 31 bits. */
  public static long version(long pageWord) {
    return pageWord & VERSION_MASK;
  }

  /** Whether a write to far memory is in flight. */
  public static boolean writeInFlight(long pageWord) {
    return (pageWord & WRITE) != 0;
  }

  /** The referenced bit; meaningful while LOCAL. */
  public static boolean referenced(long pageWord) {
    return (pageWord & FLAG) != 0;
  }

  /** Whether a miss goes by the paging path; meaningful while REMOTE or FETCHING. */
  public static boolean paging(long pageWord) {
    return (pageWord & FLAG) != 0;
  }

  /** The word with the referenced bit set; same version. */
  public static long withReferenced(long pageWord) {
    return pageWord | FLAG;
  }

  /** The word with the referenced bit clear; same version. */
  public static long withoutReferenced(long pageWord) {
    return pageWord & ~FLAG;
  }

  /** The word with W set; same version. */
  public static long withWrite(long pageWord) {
    return pageWord | WRITE;
  }

  /** The word with W clear; same version. */
  public static long withoutWrite(long pageWord) {
    return pageWord & ~WRITE;
  }

  /** The word less its referenced bit, for comparing two loads of a LOCAL word. */
  public static long ignoringReferenced(long pageWord) {
    return pageWord & ~FLAG;
  }

  /**
   * The next word of a page.
   *
   * @param previous word now; its version is raised by one and its W kept
   * @param state new state
   * @param flag new flag
   * @param frame new frame, or 0
   */
  static long next(long previous, int state, boolean flag, int frame) {
    return ((long) state << STATE_SHIFT)
        | (previous & WRITE)
        | (flag ? FLAG : 0)
        | ((long) frame << FRAME_SHIFT)
        | ((previous + 1) & VERSION_MASK);
  }

  /** Readable form for messages and tests. */
  public static String describe(long pageWord) {
    String name =
        switch (state(pageWord)) {
          case FREE -> "FREE";
          case LOCAL -> "LOCAL";
          case LEAVING -> "LEAVING";
          case QUIET -> "QUIET";
          case REMOTE -> "REMOTE";
          case FETCHING -> "FETCHING";
          case BODY -> "BODY";
          default -> "?";
        };
    return name
        + "(frame "
        + frame(pageWord)
        + (writeInFlight(pageWord) ? ", W" : "")
        + ((pageWord & FLAG) != 0 ? ", flag" : "")
        + ", version "
        + version(pageWord)
        + ")";
  }
}
