package io.farheap.proof;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time that passes by being looked at, so that no wait with a deadline lasts for ever. */
public final class VirtualClock implements LongSupplier {
  private final long nanosPerLook;
  private final AtomicLong now = new AtomicLong();

  /** A clock that goes forward by so many nanoseconds at every look. */
  public VirtualClock(long nanosPerLook) {
    this.nanosPerLook = nanosPerLook;
  }

  @Override
  public long getAsLong() {
    return now.addAndGet(nanosPerLook);
  }

  /** Lets time pass. */
  public void advance(long nanos) {
    now.addAndGet(nanos);
  }
}
