package io.farheap.apps.demo;

import io.farheap.apps.random.Mixer;
import io.farheap.apps.random.ZipfSampler;

/**
 * The operations of one thread, one after the other: which key, and whether it is read or updated.
 * They follow from seed, thread and skew alone, so that every mode is asked the same.
 *
 * <p>Ranks are Zipf-distributed. A rank stands for a key far from its neighbour's, as if popularity
 * had nothing to do with the order in which items were stored. The hottest ranks change their keys
 * in slices: after every {@code hot / 2} operations the next slice's turn has come, and other items
 * are hot instead.
 */
final class Workload {
  static final double UPDATE_SHARE = 0.05;

  private static final int HOT_PER_ITEMS = 100;
  private static final int SLICES = 16;
  private static final double UNIT = 0x1.0p-53;

  private final ZipfSampler zipf;
  private final long items;
  private final long stride;
  private final long hot;
  private final long turn;
  private long random;
  private long operations;
  private int key;
  private boolean update;

  /**
   * Starts a stream.
   *
   * @param seed the run's
   * @param thread which of its threads, from 0
   * @param items keys are less than this
   * @param zipf a sampler of as many ranks
   */
  Workload(long seed, int thread, int items, ZipfSampler zipf) {
    this.zipf = zipf;
    this.items = items;
    this.stride = stride(items);
    this.hot = Math.max(1, items / HOT_PER_ITEMS);
    this.turn = Math.max(1, hot / 2);
    this.random = Mixer.mix(Mixer.mix(seed) + thread * Mixer.GOLDEN);
  }

  /** Goes on to the next operation. */
  void next() {
    long rank = zipf.next(this::uniform) - 1;
    key = keyOf(rank, operations / turn);
    update = uniform() < UPDATE_SHARE;
    operations++;
  }

  /** The operation's key. */
  int key() {
    return key;
  }

  /** Whether it updates, rather than reads. */
  boolean isUpdate() {
    return update;
  }

  /** Which key a rank, from 0, stands for after a number of turns. */
  int keyOf(long rank, long turns) {
    long place = rank;
    if (rank < hot) {
      long slice = rank % SLICES;
      long changes = (turns + SLICES - 1 - slice) / SLICES;
      place = rank + changes % HOT_PER_ITEMS * hot;
    }
    return (int) (place % items * stride % items);
  }

  private double uniform() {
    random += Mixer.GOLDEN;
    return (Mixer.mix(random) >>> 11) * UNIT;
  }

  /** Steps of this length meet every key, and neighbours on no common page. */
  private static long stride(long items) {
    long stride = Math.max(1, (long) (items * 0.6180339887));
    while (gcd(stride, items) != 1) {
      stride++;
    }
    return stride;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
