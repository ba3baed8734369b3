package io.farheap.transport.embedded;

import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.Settings;
import io.farheap.transport.TransportOptions;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How an embedded far memory behaves.
 *
 * @param capacityBytes most bytes of slabs at once; what is left over a whole slab is not used
 * @param slabBytes size of a slab, a power of two
 * @param latencyNanos injected time from submission to completion
 * @param nanosPerByte injected further time for each byte
 * @param ownThread whether a thread of its own copies, instead of the submitter
 * @param clock nanoseconds from an arbitrary origin
 */
public record EmbeddedOptions(
    long capacityBytes,
    long slabBytes,
    long latencyNanos,
    double nanosPerByte,
    boolean ownThread,
    LongSupplier clock) {

  /** Most slabs, so that their table stays small. */
  static final long MAX_SLABS = 1L << 24;

  private static final long MAX_CAPACITY_BYTES = 1L << 46;
  private static final long MAX_LATENCY_NANOS = 60_000_000_000L;
  private static final double MAX_NANOS_PER_BYTE = 1e6;
  private static final Set<String> KEYS =
      Set.of("capacity", "slab", "latency", "nanosPerByte", "thread");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EmbeddedOptions {
    Objects.requireNonNull(clock, "clock");
    if (Long.bitCount(slabBytes) != 1
        || slabBytes < TransportOptions.MIN_SLAB_BYTES
        || slabBytes > TransportOptions.MAX_SLAB_BYTES) {
      throw new IllegalArgumentException("slabBytes=" + slabBytes + ": choose 4 KiB, … or 1 GiB");
    }
    if (capacityBytes < slabBytes
        || capacityBytes > MAX_CAPACITY_BYTES
        || capacityBytes / slabBytes > MAX_SLABS) {
      throw new IllegalArgumentException(
          "capacityBytes="
              + capacityBytes
              + ": choose 1 to "
              + MAX_SLABS
              + " slabs of "
              + slabBytes
              + " bytes and at most "
              + MAX_CAPACITY_BYTES);
    }
    if (latencyNanos < 0 || latencyNanos > MAX_LATENCY_NANOS) {
      throw new IllegalArgumentException(
          "latencyNanos=" + latencyNanos + ": choose 0 to " + MAX_LATENCY_NANOS);
    }
    if (!(nanosPerByte >= 0 && nanosPerByte <= MAX_NANOS_PER_BYTE)) {
      throw new IllegalArgumentException(
          "nanosPerByte=" + nanosPerByte + ": choose 0 to " + MAX_NANOS_PER_BYTE);
    }
  }

  /**
   * Reads a locator such as {@code embedded:?latency=5us&nanosPerByte=0.125&capacity=4GiB}.
   *
   * @param locator the locator; its settings are {@code capacity}, {@code slab}, {@code latency},
   *     {@code nanosPerByte} and {@code thread}
   * @param options values for what the locator leaves open
   * @return the options
   * @throws LocatorException if the locator has another setting or a value out of range
   */
  public static EmbeddedOptions of(Locator locator, TransportOptions options) {
    if (!locator.place().isEmpty() || locator.inner().isPresent()) {
      throw new LocatorException(
          locator + ": nothing but settings may follow " + locator.scheme() + ":");
    }
    Settings settings = locator.settings();
    settings.requireOnly(KEYS);
    long slabBytes =
        settings.powerOfTwoBytes(
            "slab",
            options.slabBytes(),
            TransportOptions.MIN_SLAB_BYTES,
            TransportOptions.MAX_SLAB_BYTES);
    long capacityBytes =
        settings.bytes("capacity", options.capacityBytes(), slabBytes, MAX_CAPACITY_BYTES);
    if (capacityBytes < slabBytes || capacityBytes / slabBytes > MAX_SLABS) {
      throw new LocatorException(
          locator
              + ": capacity="
              + capacityBytes
              + " with slab="
              + slabBytes
              + ": choose a capacity of 1 to "
              + MAX_SLABS
              + " slabs");
    }
    return new EmbeddedOptions(
        capacityBytes,
        slabBytes,
        settings.nanos("latency", 0, MAX_LATENCY_NANOS),
        settings.real("nanosPerByte", 0, MAX_NANOS_PER_BYTE),
        settings.flag("thread", false),
        options.clock());
  }

  /** Whether completion is shown later than the copy is made. */
  boolean isDelayed() {
    return latencyNanos > 0 || nanosPerByte > 0;
  }

  /** When a transfer submitted now may be shown as complete, by the clock. */
  long dueNanos(int lengthBytes) {
    return clock.getAsLong() + latencyNanos + (long) (lengthBytes * nanosPerByte);
  }
}
