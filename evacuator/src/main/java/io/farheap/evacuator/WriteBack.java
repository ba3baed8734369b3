package io.farheap.evacuator;

/**
 * Where pages go out to. A page's far place follows from its far address; what lies behind is not
 * the evacuator's business.
 *
 * <p>Writes are numbered by slots that the caller chooses, 0 to {@link Evictor#BATCH} - 1; a slot
 * is used again only after its write ended.
 */
public interface WriteBack {
  /** What became of a write. */
  enum Status {
    /** Not over. */
    PENDING,
    /** Far memory, every replica of it, has the bytes. */
    DONE,
    /** It failed, and can no longer change anything. */
    FAILED
  }

  /**
   * Whether far memory still has what was written or read before, as far as is known; otherwise a
   * page goes out anew though nobody has changed it.
   */
  default boolean has(long farAddress, int lengthBytes) {
    return true;
  }

  /**
   * Starts a write; never blocks, unless for a place to write to in the place of a lost one.
   *
   * @param slot number of the write
   * @param farAddress where the bytes belong
   * @param rawAddress the bytes; they may change while the write is in flight, and then the caller
   *     does not count on it
   * @param lengthBytes how many
   */
  void start(int slot, long farAddress, long rawAddress, int lengthBytes);

  /** Sends what was started. */
  void flush();

  /** Makes progress and says how a write stands; a write that is overdue fails. */
  Status poll(int slot);
}
