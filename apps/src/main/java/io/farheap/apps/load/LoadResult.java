package io.farheap.apps.load;

/**
 * What one run of a load found.
 *
 * @param nanos how long it took, until the last answer
 * @param gets requests that read
 * @param hits keys that were found
 * @param misses keys that were not
 * @param sets requests that store
 * @param stored how many of them the server took
 * @param errors answers that began with SERVER_ERROR
 * @param unsent requests of a paced load that the server left no time for
 * @param receivedBytes bytes of answers
 * @param sentBytes bytes of requests
 * @param cpuNanos CPU time of the threads that load
 * @param get latencies of reads
 * @param set latencies of stores
 * @param lag how late requests of a paced load were sent; a part of their latency
 */
public record LoadResult(
    long nanos,
    long gets,
    long hits,
    long misses,
    long sets,
    long stored,
    long errors,
    long unsent,
    long receivedBytes,
    long sentBytes,
    long cpuNanos,
    Latency get,
    Latency set,
    Latency lag) {

  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Percentiles of a latency.
   *
   * @param count how many were measured; without any all others are 0
   * @param meanNanos the average, ns
   * @param p50Nanos half took no longer, ns
   * @param p90Nanos 90 % took no longer, ns
   * @param p99Nanos 99 % took no longer, ns
   * @param p999Nanos 99.9 % took no longer, ns
   * @param mostNanos the longest, ns
   */
  public record Latency(
      long count,
      double meanNanos,
      long p50Nanos,
      long p90Nanos,
      long p99Nanos,
      long p999Nanos,
      long mostNanos) {

    static Latency of(org.HdrHistogram.Histogram histogram) {
      return new Latency(
          histogram.getTotalCount(),
          histogram.getMean(),
          histogram.getValueAtPercentile(50),
          histogram.getValueAtPercentile(90),
          histogram.getValueAtPercentile(99),
          histogram.getValueAtPercentile(99.9),
          histogram.getMaxValue());
    }
  }

  static LoadResult of(long nanos, LoadTally all) {
    return new LoadResult(
        nanos,
        all.gets,
        all.hits,
        all.misses,
        all.sets,
        all.stored,
        all.errors,
        all.unsent,
        all.receivedBytes,
        all.sentBytes,
        all.cpuNanos,
        Latency.of(all.getNanos),
        Latency.of(all.setNanos),
        Latency.of(all.lagNanos));
  }

  /**
   * Requests that were answered.
   *
   * @return reads and stores together
   */
  public long operations() {
    return gets + sets;
  }

  /**
   * Throughput.
   *
   * @return requests per second
   */
  public double operationsPerSecond() {
    return operations() * NANOS_PER_SECOND / nanos;
  }

  /**
   * Share of keys found.
   *
   * @return 0 to 1; 1 if nothing was read
   */
  public double hitShare() {
    return hits + misses == 0 ? 1 : (double) hits / (hits + misses);
  }
}
