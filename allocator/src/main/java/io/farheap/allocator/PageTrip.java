package io.farheap.allocator;

/**
 * One trip of bytes between frames and far memory, used again and again: filled and sent by {@link
 * #read} or {@link #write}, looked after by {@link #poll}, and over once that says so or {@link
 * #end} returned. It belongs to one thread at a time.
 */
public interface PageTrip {
  /** What became of a trip. */
  enum Status {
    /** Not over: bytes may be read and written at any time. */
    PENDING,
    /** The bytes are there: in the frames, or in far memory and every replica of it. */
    DONE,
    /** It failed, or never began, and can no longer change anything. */
    FAILED
  }

  /**
   * Asks for far bytes; never blocks. What was asked for leaves with {@link FarPages#flush}.
   *
   * @param farAddress where they are
   * @param rawAddress where they go
   * @param lengthBytes how many
   */
  void read(long farAddress, long rawAddress, int lengthBytes);

  /**
   * Sends the bytes of whole pages; never blocks, unless for a place to write to instead of a lost
   * one.
   *
   * @param farAddress where they belong
   * @param rawAddress where they are; they may change meanwhile, and then the caller does not count
   *     on what was written
   * @param lengthBytes how many
   */
  void write(long farAddress, long rawAddress, int lengthBytes);

  /** Makes progress and says how the trip stands; one that is overdue is ended. */
  Status poll();

  /**
   * Ends the trip: once this has returned, nothing lands any more. If it throws, that is not known.
   *
   * @return {@link Status#DONE} or {@link Status#FAILED}
   */
  Status end();
}
