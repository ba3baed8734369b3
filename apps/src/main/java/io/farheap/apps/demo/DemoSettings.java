package io.farheap.apps.demo;

import io.farheap.FarHeap;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import java.util.List;
import java.util.Optional;

/**
 * What the demo runs.
 *
 * @param localBytes the local budget
 * @param dataBytes bytes of items to store, at least
 * @param modes the modes, in the order in which they run
 * @param seconds how long each mode is measured
 * @param threads how many threads work
 * @param seed where items and operations come from
 * @param skew exponent of the Zipf distribution of keys
 * @param latency injected latency of far memory in this process, such as {@code 5us}; {@code 0} for
 *     none
 * @param server locator of a memory server that takes its place
 */
public record DemoSettings(
    long localBytes,
    long dataBytes,
    List<Mode> modes,
    double seconds,
    int threads,
    long seed,
    double skew,
    String latency,
    Optional<String> server) {

  /** Nanoseconds for each byte on a link of 64 Gbit/s. */
  private static final String NANOS_PER_BYTE = "0.125";

  /** Objects that come in one by one leave garbage behind, so that data takes more than itself. */
  private static final int FAR_PER_DATA = 4;

  /** Small data churns so often that four times itself is soon garbage. */
  private static final long FAR_BYTES_MIN = 1L << 30;

  /**
   * Checks what nobody else checks.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public DemoSettings {
    modes = List.copyOf(modes);
    require(dataBytes >= 1 << 20, "data", dataBytes, "at least 1MiB");
    require(!modes.isEmpty(), "modes", modes, "at least one of hybrid, paging, object");
    require(seconds > 0 && seconds <= 3600, "seconds", seconds, "more than 0, at most 3600");
    require(threads >= 1 && threads <= 1024, "threads", threads, "1 to 1024");
    require(skew >= 0 && skew <= 10, "skew", skew, "0 to 10");
  }

  private static void require(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + ": choose " + allowed);
    }
  }

  /** Opens the heap for a run in one mode; the other options are the environment's. */
  FarHeap open(Mode mode) {
    return FarHeap.open(
        HeapOptions.builder()
            .localMemoryBytes(localBytes)
            .farMemoryBytes(Math.max(FAR_PER_DATA * dataBytes, FAR_BYTES_MIN))
            .farLocator(locator())
            .mode(mode)
            .build());
  }

  /** Where far memory is. */
  String locator() {
    if (server.isPresent()) {
      return server.get();
    }
    return isDelayed()
        ? "embedded:?latency=" + latency + "&nanosPerByte=" + NANOS_PER_BYTE
        : "embedded:";
  }

  /** Whether far memory takes longer than a copy. */
  boolean isDelayed() {
    return !latency.equals("0");
  }

  /** The same on a heap of another size, for another time. */
  DemoSettings scaled(long newLocalBytes, long newDataBytes, double newSeconds) {
    return new DemoSettings(
        newLocalBytes, newDataBytes, modes, newSeconds, threads, seed, skew, latency, server);
  }
}
