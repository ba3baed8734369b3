package io.farheap.allocator;

/**
 * Codec of a page-table word.
 *
 * <pre>
 *   63   62    60  59    58   57        28 27         0
 * +----+---------+----+-----+------------+------------+
 * | R  |  state  | W  | PSF |  version   |   frame    |
 * +----+---------+----+-----+------------+------------+
 * </pre>
 *
 * R: the page is LOCAL and was referenced since the clock hand passed; it is the sign, so that a
 * hit is one test. W: a write of this page to far memory is in flight. PSF: the path selector flag,
 * meaningful while REMOTE or FETCHING (set: paging path, clear: object path). The version changes
 * with every transition, so that nobody takes a word for unchanged that was given away and came
 * back; only setting or clearing R and W keep it. A word of zeros is a FREE page.
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

  static final int FRAME_BITS = 28;
  static final int VERSION_BITS = 30;
  static final int VERSION_SHIFT = FRAME_BITS;
  static final int PSF_SHIFT = VERSION_SHIFT + VERSION_BITS;
  static final int WRITE_SHIFT = PSF_SHIFT + 1;
  static final int STATE_SHIFT = WRITE_SHIFT + 1;
  static final int STATE_BITS = 3;
  static final int REFERENCED_SHIFT = STATE_SHIFT + STATE_BITS;

  private static final long FRAME_MASK = (1L << FRAME_BITS) - 1;
  private static final long VERSION_MASK = ((1L << VERSION_BITS) - 1) << VERSION_SHIFT;
  private static final long VERSION_ONE = 1L << VERSION_SHIFT;
  private static final long PSF = 1L << PSF_SHIFT;
  private static final long WRITE = 1L << WRITE_SHIFT;
  private static final int STATE_MASK = (1 << STATE_BITS) - 1;
  private static final long REFERENCED = 1L << REFERENCED_SHIFT;

  /** Most frames that a word can tell apart. */
  public static final int MAX_FRAMES = 1 << FRAME_BITS;

  private PageWord() {}

  /** State of the page. */
  public static int state(long pageWord) {
    return (int) (pageWord >>> STATE_SHIFT) & STATE_MASK;
  }

  /** Whether the page is LOCAL and R is set: all that a hit has to know. */
  public static boolean isHit(long pageWord) {
    return pageWord < 0;
  }

  /** Frame number, or for BODY the distance to the head in pages. */
  public static int frame(long pageWord) {
    return (int) (pageWord & FRAME_MASK);
  }

  /** Byte offset of the frame in the frame pool. */
  public static long frameOffset(long pageWord) {
    return (pageWord & FRAME_MASK) << PAGE_SHIFT;
  }

  /** Transition count, 30 bits. */
  public static long version(long pageWord) {
    return (pageWord & VERSION_MASK) >>> VERSION_SHIFT;
  }

  /** Whether a write to far memory is in flight. */
  public static boolean writeInFlight(long pageWord) {
    return (pageWord & WRITE) != 0;
  }

  /** Whether the page, being LOCAL, was referenced since the clock hand passed. */
  public static boolean referenced(long pageWord) {
    return (pageWord & REFERENCED) != 0;
  }

  /** Whether a miss goes by the paging path; meaningful while REMOTE or FETCHING. */
  public static boolean paging(long pageWord) {
    return (pageWord & PSF) != 0;
  }

  /** The LOCAL word with R set; same version. */
  public static long withReferenced(long pageWord) {
    return pageWord | REFERENCED;
  }

  /** The word with R clear; same version. */
  public static long withoutReferenced(long pageWord) {
    return pageWord & ~REFERENCED;
  }

  /** The word with W set; same version. */
  public static long withWrite(long pageWord) {
    return pageWord | WRITE;
  }

  /** The word with W clear; same version. */
  public static long withoutWrite(long pageWord) {
    return pageWord & ~WRITE;
  }

  /** Whether two loads of a word differ in R at most. */
  public static boolean same(long pageWord, long other) {
    return (pageWord ^ other) << (Long.SIZE - REFERENCED_SHIFT) == 0;
  }

  /**
   * The next word of a page.
   *
   * @param previous word now; its version is raised by one and its W kept
   * @param state new state; a LOCAL page starts referenced
   * @param paging path selector flag
   * @param frame new frame, or 0
   */
  static long next(long previous, int state, boolean paging, int frame) {
    return (state == LOCAL ? REFERENCED : 0)
        | ((long) state << STATE_SHIFT)
        | (previous & WRITE)
        | (paging ? PSF : 0)
        | ((previous + VERSION_ONE) & VERSION_MASK)
        | frame;
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
        + (referenced(pageWord) ? ", R" : "")
        + (paging(pageWord) ? ", PSF" : "")
        + ", version "
        + version(pageWord)
        + ")";
  }
}
