package io.farheap.apps.demo;

import io.farheap.apps.random.Mixer;

/**
 * How long each version of each item is: 64 to 512 bytes of value, all lengths alike. Versions 2k
 * and 2k + 1 are equally long: every other update finds room in place, and the one between changes
 * the length.
 */
final class ItemSizes {
  static final int MIN_VALUE_BYTES = 64;
  static final int MAX_VALUE_BYTES = 512;

  private static final int LENGTHS = MAX_VALUE_BYTES - MIN_VALUE_BYTES + 1;

  private final long seed;

  ItemSizes(long seed) {
    this.seed = Mixer.mix(seed ^ Mixer.GOLDEN);
  }

  /** Length of the value in bytes. */
  int valueBytes(long key, int version) {
    long bits = Mixer.mix(seed + key * Mixer.GOLDEN + (version >>> 1));
    return MIN_VALUE_BYTES + (int) (((bits >>> Integer.SIZE) * LENGTHS) >>> Integer.SIZE);
  }

  /**
   * The fewest items whose first versions take up that many bytes.
   *
   * @param dataBytes bytes of items, at least 1
   * @return a number of items that fits an array
   * @throws IllegalArgumentException if they are too many for one array
   */
  int itemsFor(long dataBytes) {
    long sumBytes = 0;
    int items = 0;
    while (sumBytes < dataBytes) {
      sumBytes += ItemCodec.itemBytes(valueBytes(items, 0));
      items++;
      if (items == Integer.MAX_VALUE - Long.BYTES) {
        throw new IllegalArgumentException(
            "data=" + dataBytes + " bytes are more than " + items + " items; choose less");
      }
    }
    return items;
  }
}
