package io.farheap.transport.simulation;

import java.util.function.LongSupplier;

/** One side's clock: it begins anywhere, and goes faster or slower than the world's. */
final class SkewedClock implements LongSupplier {
  private final World world;
  private final long offsetNanos;
  private final double rate;

  SkewedClock(World world) {
    this.world = world;
    this.offsetNanos = world.between(-1L << 60, 1L << 60);
    this.rate = world.chance(3) ? 1 : world.between(80, 125) / 100.0;
  }

  @Override
  public long getAsLong() {
    world.tick();
    return offsetNanos + (long) (world.now() * rate);
  }

  /** How long it takes until this clock has gone on by so much. */
  long worldNanos(long nanos) {
    return (long) (nanos / rate);
  }
}
