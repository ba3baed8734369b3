package io.farheap.apps.demo;

import io.farheap.apps.random.Mixer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes items and verifies every byte of them. All of an item follows from seed, key and version,
 * so nothing has to be kept to compare it with.
 *
 * <pre>
 *   0   key
 *   8   version (upper half), length of the value in bytes (lower half)
 *   16  checksum of the value
 *   24  value: words of a xorshift stream, the last one cut off
 * </pre>
 *
 * <p>The checksum adds nothing to the comparison; when that fails, it tells bytes that are broken
 * from bytes that are whole but belong to another item or version.
 */
final class ItemCodec {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long KEY_OFFSET = 0;
  private static final long VERSION_OFFSET = KEY_OFFSET + Long.BYTES;
  private static final long CHECKSUM_OFFSET = VERSION_OFFSET + Long.BYTES;
  private static final int VALUE_OFFSET = (int) CHECKSUM_OFFSET + Long.BYTES;
  private static final long CHECKSUM_FACTOR = 0x9FB21C651E98DF25L;

  private final long seed;
  private final ItemSizes sizes;

  ItemCodec(long seed, ItemSizes sizes) {
    this.seed = Mixer.mix(seed);
    this.sizes = sizes;
  }

  /** Bytes of an item whose value has that many. */
  static int itemBytes(int valueBytes) {
    return VALUE_OFFSET + valueBytes;
  }

  /** Bytes of an item. */
  int itemBytes(long key, int version) {
    return itemBytes(sizes.valueBytes(key, version));
  }

  /** Fills an object of {@link #itemBytes(long, int)} bytes. */
  void write(MemorySegment item, long key, int version) {
    int end = (int) item.byteSize();
    long stream = firstWord(key, version);
    long checksum = 0;
    int offset = VALUE_OFFSET;
    for (; offset <= end - Long.BYTES; offset += Long.BYTES) {
      item.set(WORD, offset, stream);
      checksum = add(checksum, stream);
      stream = nextWord(stream);
    }
    for (; offset < end; offset++) {
      item.set(ValueLayout.JAVA_BYTE, offset, (byte) stream);
      checksum = add(checksum, stream & 0xFF);
      stream >>>= Byte.SIZE;
    }
    item.set(WORD, KEY_OFFSET, key);
    item.set(WORD, VERSION_OFFSET, versionWord(version, end - VALUE_OFFSET));
    item.set(WORD, CHECKSUM_OFFSET, checksum);
  }

  /** Whether each byte is that of this version of the item. */
  boolean matches(MemorySegment item, long key, int version) {
    int end = itemBytes(key, version);
    if (item.byteSize() != end) {
      return false;
    }
    long stream = firstWord(key, version);
    long checksum = 0;
    long differences = 0;
    int offset = VALUE_OFFSET;
    for (; offset <= end - Long.BYTES; offset += Long.BYTES) {
      differences |= item.get(WORD, offset) ^ stream;
      checksum = add(checksum, stream);
      stream = nextWord(stream);
    }
    for (; offset < end; offset++) {
      differences |= (item.get(ValueLayout.JAVA_BYTE, offset) ^ stream) & 0xFF;
      checksum = add(checksum, stream & 0xFF);
      stream >>>= Byte.SIZE;
    }
    differences |= item.get(WORD, KEY_OFFSET) ^ key;
    differences |= item.get(WORD, VERSION_OFFSET) ^ versionWord(version, end - VALUE_OFFSET);
    differences |= item.get(WORD, CHECKSUM_OFFSET) ^ checksum;
    return differences == 0;
  }

  /** Says what is wrong with an item that does not match. */
  String explain(byte[] found, long key, int version) {
    byte[] expected = new byte[itemBytes(key, version)];
    write(MemorySegment.ofArray(expected), key, version);
    int offset = 0;
    while (offset < expected.length && offset < found.length && expected[offset] == found[offset]) {
      offset++;
    }
    return String.format(
        "key %d, version %d: from byte %d of %d on, expected %s but found %s%s; %s",
        key,
        version,
        offset,
        expected.length,
        hex(expected, offset),
        hex(found, offset),
        found.length == expected.length ? "" : " in an object of " + found.length + " bytes",
        origin(found));
  }

  private static String origin(byte[] found) {
    MemorySegment item = MemorySegment.ofArray(found);
    if (found.length < VALUE_OFFSET + ItemSizes.MIN_VALUE_BYTES) {
      return "these bytes are no item";
    }
    long versionWord = item.get(WORD, VERSION_OFFSET);
    String claim = "key " + item.get(WORD, KEY_OFFSET) + ", version " + (versionWord >>> 32);
    boolean whole =
        (int) versionWord == found.length - VALUE_OFFSET
            && item.get(WORD, CHECKSUM_OFFSET) == checksum(item);
    return whole
        ? "these bytes are a whole item: " + claim
        : "these bytes are broken, and begin as those of " + claim;
  }

  private static long checksum(MemorySegment item) {
    long checksum = 0;
    int end = (int) item.byteSize();
    int offset = VALUE_OFFSET;
    for (; offset <= end - Long.BYTES; offset += Long.BYTES) {
      checksum = add(checksum, item.get(WORD, offset));
    }
    for (; offset < end; offset++) {
      checksum = add(checksum, item.get(ValueLayout.JAVA_BYTE, offset) & 0xFF);
    }
    return checksum;
  }

  private static String hex(byte[] bytes, int offset) {
    StringBuilder digits = new StringBuilder(2 * Long.BYTES);
    for (int i = offset; i < Math.min(bytes.length, offset + Long.BYTES); i++) {
      digits.append(String.format("%02x", bytes[i]));
    }
    return digits.isEmpty() ? "nothing" : digits.toString();
  }

  /** A stream that begins with 0 stays 0, so it doesn't begin with that. */
  private long firstWord(long key, int version) {
    long word = Mixer.mix(seed + key * Mixer.GOLDEN + Mixer.mix(version));
    return word == 0 ? Mixer.GOLDEN : word;
  }

  /** Marsaglia's xorshift with one of his triples of full period. */
  private static long nextWord(long word) {
    long next = word ^ (word << 13);
    next ^= next >>> 7;
    return next ^ (next << 17);
  }

  private static long add(long checksum, long word) {
    return (checksum ^ word) * CHECKSUM_FACTOR;
  }

  private static long versionWord(int version, int valueBytes) {
    return (long) version << 32 | valueBytes;
  }
}
