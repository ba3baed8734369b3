package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.farheap.apps.random.Mixer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The values: their length and every byte follow from key and version. A value is eight bytes that
 * tell key and version, as far as it has room, then a piece of a block of random bytes that begins
 * where key and version say. Any number of threads.
 */
final class ValueBytes implements AutoCloseable {
  /** How many bytes long a piece's beginning may lie from the block's. */
  private static final int BEGINNINGS = 1 << 18;

  private static final int WORD = Long.BYTES;
  private static final int HALF = 32;

  private final Arena arena = Arena.ofShared();
  private final long block;
  private final SizeDistribution sizes;
  private final boolean resize;
  private final long seed;

  /**
   * Makes values.
   *
   * @param sizes their lengths
   * @param resize whether each version has another length
   * @param seed where all comes from
   */
  ValueBytes(SizeDistribution sizes, boolean resize, long seed) {
    this.sizes = sizes;
    this.resize = resize;
    this.seed = seed;
    long lengthBytes = (long) BEGINNINGS + sizes.largestBytes() + WORD;
    block = arena.allocate(lengthBytes, WORD).address();
    SplittableRandom random = new SplittableRandom(seed);
    for (long at = 0; at + WORD <= lengthBytes; at += WORD) {
      ALL.set(JAVA_LONG_UNALIGNED, block + at, random.nextLong());
    }
  }

  /** Length of a value in bytes. */
  int length(int key, int version) {
    return sizes.pick(Mixer.hash((resize ? tag(key, version) : key) + seed));
  }

  /** The longest value's length in bytes. */
  int mostBytes() {
    return sizes.largestBytes();
  }

  private static long tag(int key, int version) {
    return ((long) version << HALF) | key;
  }

  /** Writes a value and answers the address behind it. */
  long write(long rawAddress, int key, int version, int lengthBytes) {
    long hash = Mixer.hash(tag(key, version));
    int head = Math.min(WORD, lengthBytes);
    if (head == WORD) {
      ALL.set(JAVA_LONG_UNALIGNED, rawAddress, hash);
    } else {
      for (int i = 0; i < head; i++) {
        ALL.set(JAVA_BYTE, rawAddress + i, (byte) (hash >>> (i * Byte.SIZE)));
      }
    }
    MemorySegment.copy(ALL, piece(hash), ALL, rawAddress + head, lengthBytes - head);
    return rawAddress + lengthBytes;
  }

  /** Whether these bytes are the value of that key and version. */
  boolean matches(long rawAddress, int key, int version, int lengthBytes) {
    if (lengthBytes != length(key, version)) {
      return false;
    }
    long hash = Mixer.hash(tag(key, version));
    int head = Math.min(WORD, lengthBytes);
    if (head < WORD) {
      for (int i = 0; i < head; i++) {
        if (ALL.get(JAVA_BYTE, rawAddress + i) != (byte) (hash >>> (i * Byte.SIZE))) {
          return false;
        }
      }
      return true;
    }
    return ALL.get(JAVA_LONG_UNALIGNED, rawAddress) == hash
        && Bytes.same(piece(hash), rawAddress + head, lengthBytes - head);
  }

  private long piece(long hash) {
    return block + ((hash >>> HALF) & (BEGINNINGS - 1));
  }

  @Override
  public void close() {
    arena.close();
  }
}
