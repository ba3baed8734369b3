package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The lines that a memcached answers, told apart without a copy. */
final class Replies {
  static final int STORED_BYTES = 8;
  static final int END_BYTES = 5;

  /** Of the word in front of a key, with its blank. */
  static final int VALUE_BYTES = 6;

  private static final long STORED = longWord("STORED\r\n");
  private static final int END = word("END\r");
  private static final int VALUE = word("VALU");
  private static final int SERVER_ERROR = word("SERV");
  private static final int DECIMAL = 10;
  private static final int HALF = 32;
  private static final int SHOWN_BYTES = 80;

  private Replies() {}

  /** Four letters as they lie in memory. */
  static int word(String letters) {
    int word = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      word |= letters.charAt(i) << (i * Byte.SIZE);
    }
    return word;
  }

  private static long longWord(String letters) {
    return (word(letters) & 0xFFFF_FFFFL) | (long) word(letters.substring(Integer.BYTES)) << HALF;
  }

  static boolean isStored(NativeBuffer in) {
    return in.filledBytes() >= STORED_BYTES
        && ALL.get(JAVA_LONG_UNALIGNED, in.firstRawAddress()) == STORED;
  }

  static boolean isEnd(NativeBuffer in) {
    return in.filledBytes() >= END_BYTES
        && ALL.get(JAVA_INT_UNALIGNED, in.firstRawAddress()) == END;
  }

  static boolean isValue(NativeBuffer in) {
    return in.filledBytes() >= Integer.BYTES
        && ALL.get(JAVA_INT_UNALIGNED, in.firstRawAddress()) == VALUE;
  }

  /** Where the next line begins, or 0 if this one has no end yet. */
  static long behindLine(long rawAddress, long end) {
    for (long at = rawAddress; at < end; at++) {
      if (ALL.get(JAVA_BYTE, at) == '\n') {
        return at + 1;
      }
    }
    return 0;
  }

  /**
   * The length of a line that says that the server could not do it.
   *
   * @return bytes with the line's end; 0 if it is not all there
   * @throws LoadException if it says anything else: the request or the server is wrong
   */
  static int errorLine(NativeBuffer in) {
    long start = in.firstRawAddress();
    long behind = behindLine(start, in.behindRawAddress());
    if (behind == 0) {
      return 0;
    }
    if (ALL.get(JAVA_INT_UNALIGNED, start) != SERVER_ERROR) {
      throw new LoadException("the server does not understand, it says: " + shown(in));
    }
    return (int) (behind - start);
  }

  /**
   * Flags and length of a value.
   *
   * @return both in one, or -1 if there is something else
   */
  static long flagsAndLength(long rawAddress, long end) {
    long at = rawAddress;
    long flags = 0;
    long length = 0;
    if (at >= end || ALL.get(JAVA_BYTE, at++) != ' ') {
      return -1;
    }
    for (; at < end && isDigit(ALL.get(JAVA_BYTE, at)); at++) {
      flags = flags * DECIMAL + ALL.get(JAVA_BYTE, at) - '0';
    }
    if (at >= end || ALL.get(JAVA_BYTE, at++) != ' ') {
      return -1;
    }
    for (; at < end && isDigit(ALL.get(JAVA_BYTE, at)); at++) {
      length = length * DECIMAL + ALL.get(JAVA_BYTE, at) - '0';
    }
    boolean sane =
        at < end
            && ALL.get(JAVA_BYTE, at) == '\r'
            && flags <= Integer.MAX_VALUE
            && length <= Shape.MOST_VALUE_BYTES;
    return sane ? flags << HALF | length : -1;
  }

  static int flags(long packed) {
    return (int) (packed >>> HALF);
  }

  static int length(long packed) {
    return (int) packed;
  }

  private static boolean isDigit(byte letter) {
    return letter >= '0' && letter <= '9';
  }

  /** The beginning of what is there, for messages. */
  static String shown(NativeBuffer in) {
    byte[] bytes = new byte[(int) Math.min(SHOWN_BYTES, in.filledBytes())];
    MemorySegment.copy(ALL, JAVA_BYTE, in.firstRawAddress(), bytes, 0, bytes.length);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return "'" + text.replaceAll("[^ -~]", ".") + "'";
  }
}
