package io.farheap.rdma.verbs;

/** A moment up to which to wait, or none. */
final class Deadline {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final boolean endless;
  private final long nanos;

  private Deadline(boolean endless, long nanos) {
    this.endless = endless;
    this.nanos = nanos;
  }

  /** In {@code timeoutMillis} milliseconds; never, if that is negative. */
  static Deadline inMillis(int timeoutMillis) {
    return new Deadline(timeoutMillis < 0, System.nanoTime() + timeoutMillis * NANOS_PER_MILLI);
  }

  /** What is left in whole milliseconds, rounded up: 0 if it is past, -1 without an end. */
  int leftMillis() {
    if (endless) {
      return -1;
    }
    return leftMillis(nanos);
  }

  /** What is left up to a reading of {@link System#nanoTime}, as {@link #leftMillis()} gives it. */
  static int leftMillis(long deadlineNanos) {
    long left = deadlineNanos - System.nanoTime();
    return (int)
        Math.max(0, Math.min(Integer.MAX_VALUE, (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
  }
}
