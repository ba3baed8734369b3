package io.farheap.evacuator;

import io.farheap.allocator.Epochs;
import java.util.function.LongSupplier;

/**
 * One grace period: started after a batch was unmapped, polled until every older scope has left.
 */
final class Grace {
  /** How often a scope that holds a grace period up is reported, in nanoseconds. */
  private static final long REPORT_EVERY_NANOS = 1_000_000;

  private final Epochs epochs;
  private final LongSupplier clock;
  private final ReclaimListener listener;
  private long stamp;
  private int nextSlot;
  private long startNanos;
  private long nextReportNanos;

  Grace(Epochs epochs, LongSupplier clock, ReclaimListener listener) {
    this.epochs = epochs;
    this.clock = clock;
    this.listener = listener;
  }

  /** Starts anew. Everything that must be out of reach afterwards was unmapped before this call. */
  void start() {
    stamp = epochs.startGrace();
    nextSlot = 0;
    startNanos = clock.getAsLong();
    nextReportNanos = startNanos + REPORT_EVERY_NANOS;
  }

  /** Whether no scope is left that was open when the grace period started. */
  boolean passed() {
    int holder = epochs.firstHolder(stamp, nextSlot);
    if (holder < 0) {
      listener.gracePassed(clock.getAsLong() - startNanos);
      return true;
    }
    nextSlot = holder;
    long now = clock.getAsLong();
    if (now - nextReportNanos >= 0) {
      nextReportNanos = now + REPORT_EVERY_NANOS;
      listener.scopeHolds(holder, now - startNanos);
    }
    return false;
  }
}
