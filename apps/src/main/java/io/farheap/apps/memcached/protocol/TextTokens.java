package io.farheap.apps.memcached.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The words of one line, by their places. Words are parted by blanks only; a zero byte ends the
 * line, as it ends a string of C. A line of more than {@link #MAX} words leaves a rest.
 */
public final class TextTokens {
  /** Most words that are told apart. */
  public static final int MAX = 23;

  private final long[] starts = new long[MAX];
  private final int[] lengths = new int[MAX];
  private MemorySegment base = MemorySegment.NULL;
  private int count;
  private long rest;
  private long end;

  /** Creates the words of an empty line. */
  public TextTokens() {}

  /**
   * Finds the words of a line.
   *
   * @param bytes where the line is
   * @param from its first byte
   * @param to the byte after its last, line end not included
   */
  public void split(MemorySegment bytes, long from, long to) {
    base = bytes;
    count = 0;
    rest = -1;
    long at = from;
    long start = from;
    while (at < to) {
      byte character = bytes.get(ValueLayout.JAVA_BYTE, at);
      if (character == 0) {
        break;
      }
      if (character == ' ') {
        if (at > start) {
          starts[count] = start;
          lengths[count] = (int) (at - start);
          if (++count == MAX) {
            rest = at + 1;
            end = to;
            return;
          }
        }
        start = at + 1;
      }
      at++;
    }
    end = at;
    if (at > start) {
      starts[count] = start;
      lengths[count] = (int) (at - start);
      count++;
    }
  }

  /** How many words there are, at most {@link #MAX}. */
  public int count() {
    return count;
  }

  /** Where what follows the last word begins, or -1 if every word was found. */
  public long rest() {
    return rest;
  }

  /** Where the line ends. */
  public long end() {
    return end;
  }

  /** Where the line is. */
  public MemorySegment base() {
    return base;
  }

  /** Where a word begins. */
  public long start(int index) {
    return starts[index];
  }

  /** How many bytes a word has; 0 if there is no such word. */
  public int length(int index) {
    return index < count ? lengths[index] : 0;
  }

  /** A byte of a word. */
  public byte at(int index, int offset) {
    return base.get(ValueLayout.JAVA_BYTE, starts[index] + offset);
  }

  /** Whether a word is the one given. */
  public boolean is(int index, String word) {
    if (length(index) != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (at(index, i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a word begins with the one given. */
  public boolean startsWith(int index, String word) {
    if (length(index) < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (at(index, i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A word of at most 8 bytes as a number, its first byte lowest.
   *
   * @return the number; 0 for a longer word
   */
  public long packed(int index) {
    int length = length(index);
    if (length > Long.BYTES) {
      return 0;
    }
    long word = 0;
    for (int i = length - 1; i >= 0; i--) {
      word = word << Byte.SIZE | (at(index, i) & 0xFF);
    }
    return word;
  }

  /** A text of at most 8 characters as {@link #packed} would have it. */
  static long pack(String word) {
    long packed = 0;
    for (int i = word.length() - 1; i >= 0; i--) {
      packed = packed << Byte.SIZE | word.charAt(i);
    }
    return packed;
  }

  /** Whether the last word is {@code noreply}. */
  public boolean endsWithNoReply() {
    return is(count - 1, "noreply");
  }

  /** Reads a word, without its first bytes, as a signed number. */
  public boolean readSigned(int index, int skip, DecimalText number) {
    return index < count
        && number.readSigned(base, starts[index] + skip, starts[index] + lengths[index]);
  }

  /** Reads a word, without its first bytes, as an unsigned number. */
  public boolean readUnsigned(int index, int skip, DecimalText number) {
    return index < count
        && number.readUnsigned(base, starts[index] + skip, starts[index] + lengths[index]);
  }
}
