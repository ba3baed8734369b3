package io.farheap.evacuator;

/**
 * Where the evacuator reads remote pages from, as {@link WriteBack} is where pages go out to.
 *
 * <p>Reads are numbered by slots that the caller chooses, 0 to {@link Evacuator#BATCH} - 1; a slot
 * is used again only after its read ended.
 */
public interface PageSource {
  /**
   * Starts a read; never blocks.
   *
   * @param slot number of the read
   * @param farAddress where the bytes are
   * @param rawAddress where they go
   * @param lengthBytes how many
   */
  void start(int slot, long farAddress, long rawAddress, int lengthBytes);

  /** Sends what was started. */
  void flush();

  /** Makes progress and says how a read stands; one that is overdue fails and writes no more. */
  WriteBack.Status poll(int slot);

  /** The evacuator's fetch of a page is over, whatever came of it: wakes who waits for the page. */
  void fetchEnded(long page);
}
