package io.farheap.jmh.work;

import java.util.SplittableRandom;

/**
 * The shape of MapReduce: all objects are inserted in random order of their keys, each in place of
 * the key's old one, then read in several passes in order of the keys; and so on.
 */
public final class Phases extends Workload {
  private static final int MIN_BYTES = 256;
  private static final int MAX_BYTES = 768;
  private static final int PASSES = 3;

  private final int[] shuffled;
  private final SplittableRandom random;
  private int position;
  private int pass;

  /**
   * Starts a stream, with the insertions.
   *
   * @param keys how many, a multiple of {@code windowsInPhase}
   * @param windowsInPhase into how many windows insertions or a pass are cut
   * @param seed what the stream follows from
   */
  public Phases(int keys, int windowsInPhase, long seed) {
    super("phases", keys, keys / windowsInPhase, (1 + PASSES) * windowsInPhase);
    if (keys % windowsInPhase != 0) {
      throw new IllegalArgumentException(
          keys + " keys can't be cut into " + windowsInPhase + " windows; choose a divisor");
    }
    this.random = new SplittableRandom(seed);
    this.shuffled = new int[keys];
    for (int i = 0; i < keys; i++) {
      shuffled[i] = i;
    }
    shuffle();
  }

  private void shuffle() {
    for (int i = shuffled.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int key = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = key;
    }
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.uniform(key, generation, MIN_BYTES, MAX_BYTES);
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      operations[i] =
          pass == 0
              ? Operations.of(Operations.REPLACE, shuffled[position])
              : Operations.of(Operations.READ, position);
      position++;
      if (position == keys()) {
        position = 0;
        pass = pass == PASSES ? 0 : pass + 1;
        if (pass == 0) {
          shuffle();
        }
      }
    }
  }
}
