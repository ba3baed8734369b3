package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.farheap.apps.random.Mixer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys as text: the key's number in digits of a fixed count, the least significant first, then
 * filler up to the key's length. Any number of threads.
 */
final class KeyText implements AutoCloseable {
  private static final byte[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
          .getBytes(StandardCharsets.US_ASCII);

  private static final int DIGIT_BITS = 6;
  private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;
  private static final String FILLER = ":farheap:load:item";
  private static final byte[] VALUES = values();

  private final Arena arena = Arena.ofShared();
  private final long filler;
  private final int digits;
  private final int keys;
  private final SizeDistribution sizes;
  private final long seed;

  /**
   * Makes texts.
   *
   * @param keys how many there are
   * @param sizes their lengths; a length too short for the digits counts as one that holds them
   * @param seed which key gets which length
   */
  KeyText(int keys, SizeDistribution sizes, long seed) {
    this.keys = keys;
    this.sizes = sizes;
    this.seed = seed;
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(keys - 1));
    this.digits = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    MemorySegment text = arena.allocate(Shape.MOST_KEY_BYTES);
    for (int i = 0; i < Shape.MOST_KEY_BYTES; i++) {
      text.set(JAVA_BYTE, i, (byte) FILLER.charAt(i % FILLER.length()));
    }
    this.filler = text.address();
  }

  private static byte[] values() {
    byte[] values = new byte[1 << Byte.SIZE];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      values[DIGITS[i]] = (byte) i;
    }
    return values;
  }

  /** A key's length in bytes. */
  int length(int key) {
    return Math.max(digits, sizes.pick(Mixer.hash(seed ^ key)));
  }

  /** The longest key's length in bytes. */
  int mostBytes() {
    return Math.max(digits, sizes.largestBytes());
  }

  /** Writes a key's text and answers the address behind it. */
  long write(long rawAddress, int key) {
    int length = length(key);
    int left = key;
    for (int i = 0; i < digits; i++) {
      ALL.set(JAVA_BYTE, rawAddress + i, DIGITS[left & DIGIT_MASK]);
      left >>>= DIGIT_BITS;
    }
    MemorySegment.copy(ALL, filler, ALL, rawAddress + digits, length - digits);
    return rawAddress + length;
  }

  /**
   * Reads a key.
   *
   * @param rawAddress where its text begins
   * @param availableBytes how many bytes are there, of the text and of what follows
   * @return its number, or -1 if this is no key, or not all of it is there
   */
  int read(long rawAddress, long availableBytes) {
    if (availableBytes < digits) {
      return -1;
    }
    int key = 0;
    for (int i = digits - 1; i >= 0; i--) {
      int digit = VALUES[ALL.get(JAVA_BYTE, rawAddress + i) & 0xFF];
      if (digit < 0) {
        return -1;
      }
      key = (key << DIGIT_BITS) | digit;
    }
    if (key < 0 || key >= keys) {
      return -1;
    }
    int rest = length(key) - digits;
    boolean right =
        availableBytes >= digits + rest && Bytes.same(filler, rawAddress + digits, rest);
    return right ? key : -1;
  }

  @Override
  public void close() {
    arena.close();
  }
}
