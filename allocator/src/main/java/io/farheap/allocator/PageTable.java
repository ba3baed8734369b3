package io.farheap.allocator;

import static io.farheap.allocator.PageWord.BODY;
import static io.farheap.allocator.PageWord.FETCHING;
import static io.farheap.allocator.PageWord.FREE;
import static io.farheap.allocator.PageWord.LEAVING;
import static io.farheap.allocator.PageWord.LOCAL;
import static io.farheap.allocator.PageWord.QUIET;
import static io.farheap.allocator.PageWord.REMOTE;
import static io.farheap.allocator.PageWord.next;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;

/**
 * One word per far page, and the only legal ways to change it.
 *
 * <pre>
 *            allocate                unmap                 quiet
 *   FREE ───────────────► LOCAL ◄────────────► LEAVING ───────────► QUIET
 *    ▲                    ▲     rescue / keep     │                   │
 *    │                    │ fetched               │ leave             │ recycle
 *    │                    │        fetch          ▼                   ▼
 *    │                 FETCHING ◄──────────────► REMOTE             FREE
 *    └── recycle (from LOCAL, LEAVING, REMOTE, QUIET)  giveUp
 * </pre>
 *
 * Every change is a compare-and-set against the word that the caller decided on, except the two by
 * which a fetcher ends its own exclusive FETCHING. Words are written by every thread; a load with
 * acquire pairs with the release in each change, so that whoever sees LOCAL sees the bytes. Methods
 * answer whether they won; a call from a state that the diagram does not allow is a bug and throws.
 */
public final class PageTable {
  /** Base-2 logarithm of the bytes of a word. */
  private static final int WORD_SHIFT = 3;

  private final NativeRegion region;
  private final long base;
  private final long pages;

  /**
   * A table of FREE pages.
   *
   * @param pages number of pages of far address space
   */
  public PageTable(long pages) {
    this.pages = pages;
    this.region = NativeRegion.reserve(pages * Long.BYTES, true);
    this.base = region.rawAddress();
  }

  /** The memory of the words, page 0's first. */
  public NativeRegion region() {
    return region;
  }

  /** Number of pages. */
  public long pages() {
    return pages;
  }

  /** Byte offset of a page's word in the table. */
  public static long wordOffset(long page) {
    return page << WORD_SHIFT;
  }

  /** Loads a word with acquire. */
  public long load(long page) {
    return NativeMemory.getLongAcquire(base + wordOffset(page));
  }

  private boolean cas(long page, long expected, long word) {
    return NativeMemory.compareAndSetLong(base + wordOffset(page), expected, word);
  }

  private static void require(long word, int state) {
    if (PageWord.state(word) != state) {
      throw new IllegalStateException("not allowed from " + PageWord.describe(word));
    }
  }

  private static void requireNoWrite(long word, int state) {
    require(word, state);
    if (PageWord.writeInFlight(word)) {
      throw new IllegalStateException("write in flight: " + PageWord.describe(word));
    }
  }

  /** T1: the owner of a free page and of a frame opens the page in it, referenced. */
  public void allocate(long page, int frame) {
    allocate(page, frame, true);
  }

  /**
   * T1: the owner of a free page and of a frame opens the page in it.
   *
   * @param referenced false for a page that the clock hand may take at once
   */
  public void allocate(long page, int frame, boolean referenced) {
    long word = load(page);
    require(word, FREE);
    long local = next(word, LOCAL, false, frame);
    if (!cas(page, word, referenced ? local : PageWord.withoutReferenced(local))) {
      throw new IllegalStateException("page " + page + " was taken twice");
    }
  }

  /** The owner of a free run marks the pages behind the head. */
  public void allocateBody(long page, int distance) {
    long word = load(page);
    require(word, FREE);
    if (!cas(page, word, next(word, BODY, false, distance))) {
      throw new IllegalStateException("page " + page + " was taken twice");
    }
  }

  /** A hit found the referenced bit clear. Version unchanged; losing is harmless. */
  public boolean setReferenced(long page, long word) {
    require(word, LOCAL);
    return cas(page, word, PageWord.withReferenced(word));
  }

  /** The clock hand passes. Version unchanged; losing is harmless. */
  public void clearReferenced(long page, long word) {
    require(word, LOCAL);
    cas(page, word, PageWord.withoutReferenced(word));
  }

  /**
   * T2: takes a page out of use. From here on nobody makes a raw address into it without a rescue.
   *
   * @param word LOCAL, referenced bit clear, W clear
   * @return the LEAVING word to go on with, or 0 if the page changed
   */
  public long unmap(long page, long word) {
    requireNoWrite(word, LOCAL);
    long leaving = next(word, LEAVING, false, PageWord.frame(word));
    return cas(page, word, leaving) ? leaving : 0;
  }

  /** T3: a scoped dereference takes a leaving page back; W is kept. */
  public boolean rescue(long page, long word) {
    require(word, LEAVING);
    return cas(page, word, next(word, LOCAL, false, PageWord.frame(word)));
  }

  /** T4: the evictor keeps a page that turned out to be pinned. */
  public boolean keep(long page, long leaving) {
    require(leaving, LEAVING);
    return cas(page, leaving, next(leaving, LOCAL, false, PageWord.frame(leaving)));
  }

  /**
   * T5: after grace, before the bytes are sent. Version unchanged.
   *
   * @return the word to go on with, or 0 if the page was rescued
   */
  public long startWrite(long page, long leaving) {
    require(leaving, LEAVING);
    long writing = PageWord.withWrite(leaving);
    return cas(page, leaving, writing) ? writing : 0;
  }

  /**
   * T6: the page lives in far memory only; the caller owns the frame.
   *
   * @param leaving clean, or with W after every replica acknowledged
   * @param paging the path selector flag
   */
  public boolean leave(long page, long leaving, boolean paging) {
    require(leaving, LEAVING);
    long remote = PageWord.withoutWrite(next(leaving, REMOTE, paging, 0));
    return cas(page, leaving, remote);
  }

  /** T7: a write ended whose page was rescued meanwhile. State and version are kept. */
  public void endWrite(long page) {
    while (true) {
      long word = load(page);
      if (!PageWord.writeInFlight(word)) {
        throw new IllegalStateException("no write in flight: " + PageWord.describe(word));
      }
      if (cas(page, word, PageWord.withoutWrite(word))) {
        return;
      }
    }
  }

  /** T8: the write failed and can no longer land; the page stays. */
  public boolean keepAfterFailedWrite(long page, long writing) {
    require(writing, LEAVING);
    long word = next(writing, LOCAL, false, PageWord.frame(writing));
    return cas(page, writing, PageWord.withoutWrite(word));
  }

  /** T9: becomes the only fetcher of a page; the caller has a frame in hand. */
  public boolean startFetch(long page, long remote) {
    require(remote, REMOTE);
    if (!PageWord.paging(remote)) {
      throw new IllegalStateException("goes by the object path: " + PageWord.describe(remote));
    }
    return cas(page, remote, next(remote, FETCHING, true, 0));
  }

  /**
   * T10: the fetcher maps the page; its bytes are complete, clean, with no card marked.
   *
   * @param referenced false for a page that nobody has asked for yet, so that its first use is seen
   */
  public void endFetch(long page, int frame, boolean referenced) {
    long word = load(page);
    require(word, FETCHING);
    long local = next(word, LOCAL, false, frame);
    NativeMemory.putLongRelease(
        base + wordOffset(page), referenced ? local : PageWord.withoutReferenced(local));
  }

  /** T11: the fetcher gives up; the path selector flag stays. */
  public void giveUpFetch(long page) {
    long word = load(page);
    require(word, FETCHING);
    NativeMemory.putLongRelease(base + wordOffset(page), next(word, REMOTE, true, 0));
  }

  /**
   * T12: makes a page an immutable source of copies.
   *
   * @return the QUIET word, or 0 if the page was rescued
   */
  public long quiet(long page, long leaving) {
    requireNoWrite(leaving, LEAVING);
    long quiet = next(leaving, QUIET, false, PageWord.frame(leaving));
    return cas(page, leaving, quiet) ? quiet : 0;
  }

  /** T13: maps a leaving page in another frame, which holds its bytes already. */
  public boolean moveFrame(long page, long leaving, int newFrame) {
    requireNoWrite(leaving, LEAVING);
    return cas(page, leaving, next(leaving, LOCAL, false, newFrame));
  }

  /**
   * T14: the page is dead since before a grace period; the caller owns its frame, if it had one.
   *
   * @param word a fresh load: LOCAL, LEAVING, QUIET or REMOTE, W clear
   */
  public boolean recycle(long page, long word) {
    int state = PageWord.state(word);
    if (PageWord.writeInFlight(word) || state == FREE || state == FETCHING || state == BODY) {
      throw new IllegalStateException("not allowed from " + PageWord.describe(word));
    }
    return cas(page, word, next(word, FREE, false, 0));
  }

  /** Frees a page of a run after its head was recycled; the caller owns the run. */
  public void recycleBody(long page) {
    long word = load(page);
    require(word, BODY);
    if (!cas(page, word, next(word, FREE, false, 0))) {
      throw new IllegalStateException("page " + page + " changed under its owner");
    }
  }

  /** Makes every page FREE and gives the table's memory back. */
  public void decommit() {
    region.decommit();
  }
}
