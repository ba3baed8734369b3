package io.farheap.internal.stats;

import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import io.farheap.stats.Histo;
import io.farheap.stats.LatencySummary;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One heap's counters, distributions and gauges.
 *
 * <p>Counting and recording never wait and never allocate on the Java heap once warm; many threads
 * may do both at once. Counters are striped, so a count costs some nanoseconds: fine on a miss, too
 * much on a hit, whose count is kept elsewhere and read through {@link #source}.
 */
public final class StatisticsRegistry {
  private final LongSupplier nanoClock;
  private final long openedNanos;

  /** Complete since the constructor, and only read ever since. */
  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);

  /** Complete since the constructor, and only read ever since. */
  private final Map<Histo, Distribution> distributions = new EnumMap<>(Histo.class);

  private final Map<Counter, LongSupplier> sources = new ConcurrentHashMap<>();
  private final Map<Gauge, LongSupplier> gauges = new ConcurrentHashMap<>();

  /**
   * Makes an empty registry.
   *
   * @param nanoClock the heap's clock, as {@link System#nanoTime()}
   */
  public StatisticsRegistry(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.openedNanos = nanoClock.getAsLong();
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
    for (Histo histo : Histo.values()) {
      distributions.put(histo, new Distribution());
    }
  }

  /** Makes an empty registry on the system's clock. */
  public StatisticsRegistry() {
    this(System::nanoTime);
  }

  /**
   * Counts one event.
   *
   * @param counter which
   */
  public void increment(Counter counter) {
    counters.get(counter).increment();
  }

  /**
   * Counts several events, or an amount.
   *
   * @param counter which
   * @param amount how many; not negative
   */
  public void add(Counter counter, long amount) {
    counters.get(counter).add(amount);
  }

  /**
   * A counter's sum. Counts made meanwhile may or may not be in it.
   *
   * @param counter which
   * @return the sum since the heap was opened
   */
  public long sum(Counter counter) {
    LongSupplier source = sources.get(counter);
    long counted = counters.get(counter).sum();
    return source == null ? counted : counted + source.getAsLong();
  }

  /**
   * Adds a count that is kept elsewhere, for events too frequent to be counted here. A second call
   * for one counter replaces the first.
   *
   * @param counter which
   * @param count reads it from any thread, without waiting and without asking for this counter's
   *     sum
   */
  public void source(Counter counter, LongSupplier count) {
    sources.put(counter, count);
  }

  /**
   * Records one duration. One that is negative counts as 0, one beyond {@link
   * Distribution#MAX_NANOS} as that.
   *
   * @param histo which distribution
   * @param durationNanos nanoseconds
   */
  public void record(Histo histo, long durationNanos) {
    distributions.get(histo).record(durationNanos);
  }

  /**
   * Sets where a level is read. Without this call a gauge reads 0; a second call replaces the
   * first.
   *
   * @param gauge which
   * @param level reads it from any thread, without waiting
   */
  public void gauge(Gauge gauge, LongSupplier level) {
    gauges.put(gauge, level);
  }

  /**
   * Takes a snapshot of everything. It resets nothing: each reader sees all that happened since the
   * heap was opened. Values are read one after the other while others go on counting, so that sums
   * across counters hold only when the heap is at rest.
   *
   * @return the snapshot
   */
  public HeapStats snapshot() {
    Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      counts.put(counter, sum(counter));
    }
    Map<Histo, LatencySummary> latencies = new EnumMap<>(Histo.class);
    distributions.forEach((histo, durations) -> latencies.put(histo, durations.summary()));
    Map<Gauge, Long> levels = new EnumMap<>(Gauge.class);
    gauges.forEach((gauge, level) -> levels.put(gauge, level.getAsLong()));
    long ageNanos = nanoClock.getAsLong() - openedNanos;
    return new HeapStats(ageNanos, counts, levels, latencies);
  }
}
