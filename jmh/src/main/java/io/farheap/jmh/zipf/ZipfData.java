package io.farheap.jmh.zipf;

import io.farheap.apps.random.Permutation;
import io.farheap.apps.random.ZipfSampler;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What the JMH methods of the zipf benchmark read: tables that stay alive from run to run, and the
 * objects to pick in the next run.
 */
final class ZipfData implements AutoCloseable {
  /** Skew. */
  static final double THETA = 0.99;

  /** Objects of 2 GiB. */
  static final int FULL_OBJECTS = 1 << 23;

  private static ZipfData shared;

  private final int objects;
  private final int[] picks;
  private final ZipfSampler ranks;
  private final Permutation objectOfRank;
  private final ZipfTable.Raw raw;
  private final Map<Integer, ZipfTable.Far> far = new TreeMap<>();

  /**
   * Makes the raw table; heaps are made as they are asked for.
   *
   * @param objects how many, a power of two
   * @param operations how many reads one run does
   */
  ZipfData(int objects, int operations) {
    this.objects = objects;
    this.picks = new int[operations];
    this.ranks = new ZipfSampler(objects, THETA);
    this.objectOfRank = new Permutation(objects);
    this.raw = new ZipfTable.Raw(objects);
    draw(0);
  }

  /** The data that JMH methods find; if nobody shared any, the full size. */
  static synchronized ZipfData shared() {
    if (shared == null) {
      shared = new ZipfData(FULL_OBJECTS, 1 << 22);
    }
    return shared;
  }

  /** Lets JMH methods find this data. */
  static synchronized void share(ZipfData data) {
    shared = data;
  }

  /** Draws the picks of the next runs: never the same again, or a small heap could learn them. */
  void draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < picks.length; i++) {
      picks[i] = objectOfRank.of((int) ranks.next(random::nextDouble) - 1);
    }
  }

  int[] picks() {
    return picks;
  }

  ZipfTable.Raw raw() {
    return raw;
  }

  /** The heap that has so much of the data local. */
  ZipfTable.Far far(int localPercent) {
    return far.computeIfAbsent(localPercent, percent -> new ZipfTable.Far(objects, percent));
  }

  /** Reads every object of a heap once. */
  void readEach(int localPercent) {
    ZipfTable.Far table = far(localPercent);
    for (int first = 0; first < objects; first += picks.length) {
      for (int i = 0; i < picks.length; i++) {
        picks[i] = Math.min(first + i, objects - 1);
      }
      ZipfJmh.readAll(table, picks);
    }
  }

  /** Closes a heap, so that another has its memory. */
  void closeFar(int localPercent) {
    ZipfTable.Far table = far.remove(localPercent);
    if (table != null) {
      table.close();
    }
  }

  @Override
  public void close() {
    share(null);
    far.values().forEach(ZipfTable.Far::close);
    far.clear();
    raw.close();
  }
}
