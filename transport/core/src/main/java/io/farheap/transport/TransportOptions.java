package io.farheap.transport;

import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What the opener of a far memory asks for; settings in the locator take precedence.
 *
 * @param capacityBytes most bytes of slabs that may be allocated at once
 * @param slabBytes size of a slab, a power of two and at least {@link #MIN_SLAB_BYTES}
 * @param clock nanoseconds from an arbitrary origin, as {@link System#nanoTime}
 */
public record TransportOptions(long capacityBytes, long slabBytes, LongSupplier clock) {
  /** Smallest slab: one page. */
  public static final long MIN_SLAB_BYTES = 4096;

  /** Largest slab: 1 GiB. */
  public static final long MAX_SLAB_BYTES = 1L << 30;

  private static final long DEFAULT_CAPACITY_BYTES = 4L << 30;
  private static final long DEFAULT_SLAB_BYTES = 64L << 20;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the slab size is not a power of two in range, or the
   *     capacity does not hold one slab
   */
  public TransportOptions {
    Objects.requireNonNull(clock, "clock");
    if (Long.bitCount(slabBytes) != 1 || slabBytes < MIN_SLAB_BYTES || slabBytes > MAX_SLAB_BYTES) {
      throw new IllegalArgumentException(
          "slabBytes="
              + slabBytes
              + ": choose a power of two from "
              + MIN_SLAB_BYTES
              + " to "
              + MAX_SLAB_BYTES);
    }
    if (capacityBytes < slabBytes) {
      throw new IllegalArgumentException(
          "capacityBytes=" + capacityBytes + ": must hold at least one slab of " + slabBytes);
    }
  }

  /**
   * 4 GiB in slabs of 64 MiB, by the system's clock.
   *
   * @return the default options
   */
  public static TransportOptions defaults() {
    return new TransportOptions(DEFAULT_CAPACITY_BYTES, DEFAULT_SLAB_BYTES, System::nanoTime);
  }

  /**
   * These options with another capacity.
   *
   * @param bytes most bytes of slabs that may be allocated at once
   * @return a copy
   */
  public TransportOptions withCapacityBytes(long bytes) {
    return new TransportOptions(bytes, slabBytes, clock);
  }

  /**
   * These options with another slab size.
   *
   * @param bytes size of a slab
   * @return a copy
   */
  public TransportOptions withSlabBytes(long bytes) {
    return new TransportOptions(capacityBytes, bytes, clock);
  }

  /**
   * These options with another clock.
   *
   * @param newClock nanoseconds from an arbitrary origin
   * @return a copy
   */
  public TransportOptions withClock(LongSupplier newClock) {
    return new TransportOptions(capacityBytes, slabBytes, newClock);
  }
}
