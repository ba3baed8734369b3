package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ItemCodecTest {
  private static final long SEED = 7;
  private static final long KEY = 123_456;

  private final ItemSizes sizes = new ItemSizes(SEED);
  private final ItemCodec codec = new ItemCodec(SEED, sizes);

  private byte[] item(long key, int version) {
    byte[] bytes = new byte[codec.itemBytes(key, version)];
    codec.write(MemorySegment.ofArray(bytes), key, version);
    return bytes;
  }

  private boolean matches(byte[] bytes, long key, int version) {
    return codec.matches(MemorySegment.ofArray(bytes), key, version);
  }

  @Test
  void whatWasWrittenMatches() {
    for (int key = 0; key < 2_000; key++) {
      assertTrue(matches(item(key, key % 5), key, key % 5), "key " + key);
    }
  }

  @Test
  void eachFlippedBitIsDetected() {
    for (int version : new int[] {0, 2, 4, 6}) {
      byte[] bytes = item(KEY, version);
      for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
        bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertFalse(matches(bytes, KEY, version), "version " + version + ", bit " + bit);
        bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
      assertTrue(matches(bytes, KEY, version));
    }
  }

  @Test
  void anotherItemVersionSeedOrLengthIsDetected() {
    byte[] bytes = item(KEY, 2);
    assertFalse(matches(bytes, KEY + 1, 2));
    assertFalse(matches(bytes, KEY, 3));
    assertFalse(matches(bytes, KEY, 1));
    assertFalse(matches(Arrays.copyOf(bytes, bytes.length - 1), KEY, 2));
    assertFalse(matches(Arrays.copyOf(bytes, bytes.length + 1), KEY, 2));
    ItemCodec other = new ItemCodec(SEED + 1, sizes);
    assertFalse(other.matches(MemorySegment.ofArray(bytes), KEY, 2));
  }

  @Test
  void explanationTellsBrokenBytesFromAnotherItems() {
    byte[] broken = item(KEY, 1);
    broken[40] ^= 1;
    String text = codec.explain(broken, KEY, 1);
    assertTrue(text.contains("key 123456, version 1: from byte 40 of"), text);
    assertTrue(text.contains("these bytes are broken"), text);
    text = codec.explain(item(99, 8), KEY, 1);
    assertTrue(text.contains("these bytes are a whole item: key 99, version 8"), text);
    text = codec.explain(new byte[3], KEY, 1);
    assertTrue(text.contains("in an object of 3 bytes; these bytes are no item"), text);
  }

  @Test
  void lengthsFillTheirRangeAndChangeWithEveryOtherVersion() {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    int changes = 0;
    for (int key = 0; key < 20_000; key++) {
      int valueBytes = sizes.valueBytes(key, 0);
      shortest = Math.min(shortest, valueBytes);
      longest = Math.max(longest, valueBytes);
      assertEquals(valueBytes, sizes.valueBytes(key, 1));
      changes += valueBytes == sizes.valueBytes(key, 2) ? 0 : 1;
    }
    assertEquals(ItemSizes.MIN_VALUE_BYTES, shortest);
    assertEquals(ItemSizes.MAX_VALUE_BYTES, longest);
    assertTrue(changes > 19_000, changes + " changes");
  }

  @Test
  void itemsTakeUpAtLeastTheData() {
    int items = sizes.itemsFor(1 << 20);
    long sumBytes = 0;
    for (int key = 0; key < items; key++) {
      sumBytes += codec.itemBytes(key, 0);
    }
    assertTrue(sumBytes >= 1 << 20, sumBytes + " bytes");
    assertTrue(sumBytes - codec.itemBytes(items - 1, 0) < 1 << 20, sumBytes + " bytes");
  }
}
