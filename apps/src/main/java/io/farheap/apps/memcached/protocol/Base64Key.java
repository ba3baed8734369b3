package io.farheap.apps.memcached.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Keys that meta commands carry as base64, since they hold bytes that the text protocol cannot. */
public final class Base64Key {
  private static final byte[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES = new byte[1 << Byte.SIZE];
  private static final byte NO_DIGIT = -1;
  private static final int GROUP_DIGITS = 4;
  private static final int GROUP_BYTES = 3;
  private static final int DIGIT_BITS = 6;
  private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;
  private static final byte PAD = '=';

  static {
    java.util.Arrays.fill(VALUES, NO_DIGIT);
    for (int i = 0; i < DIGITS.length; i++) {
      VALUES[DIGITS[i]] = (byte) i;
    }
  }

  private Base64Key() {}

  /** How many digits a key takes. */
  public static int encodedLength(int keyLength) {
    return (keyLength + GROUP_BYTES - 1) / GROUP_BYTES * GROUP_DIGITS;
  }

  /**
   * Decodes a key.
   *
   * @param source where its digits are
   * @param at the first of them
   * @param length how many there are, padding included
   * @param target receives the key; may be where the digits are
   * @param targetAt where it receives it
   * @return length of the key; 0 if that is no base64, or nothing
   */
  public static int decode(
      MemorySegment source, long at, int length, MemorySegment target, long targetAt) {
    if (length % GROUP_DIGITS != 0) {
      return 0;
    }
    int decoded = 0;
    for (int group = 0; group < length; group += GROUP_DIGITS) {
      int bits = 0;
      int pads = 0;
      for (int i = group; i < group + GROUP_DIGITS; i++) {
        byte character = source.get(ValueLayout.JAVA_BYTE, at + i);
        boolean pad = character == PAD;
        byte digit = pad ? 0 : VALUES[character & 0xFF];
        if (digit == NO_DIGIT || (!pad && pads > 0)) {
          return 0;
        }
        pads += pad ? 1 : 0;
        bits = bits << DIGIT_BITS | digit;
      }
      if (pads > 2 || (pads > 0 && group + GROUP_DIGITS < length)) {
        return 0;
      }
      for (int i = 0; i < GROUP_BYTES - pads; i++) {
        int shift = (GROUP_BYTES - 1 - i) * Byte.SIZE;
        target.set(ValueLayout.JAVA_BYTE, targetAt + decoded++, (byte) (bits >>> shift));
      }
    }
    return decoded;
  }

  /**
   * Encodes a key.
   *
   * @param source where it is
   * @param at its first byte
   * @param length how many bytes it has
   * @param target receives {@link #encodedLength} digits
   * @param targetAt where it receives them
   */
  public static void encode(
      MemorySegment source, long at, int length, MemorySegment target, long targetAt) {
    long out = targetAt;
    for (int group = 0; group < length; group += GROUP_BYTES) {
      int bytes = Math.min(GROUP_BYTES, length - group);
      int bits = 0;
      for (int i = 0; i < GROUP_BYTES; i++) {
        int next = i < bytes ? source.get(ValueLayout.JAVA_BYTE, at + group + i) & 0xFF : 0;
        bits = bits << Byte.SIZE | next;
      }
      for (int i = 0; i < GROUP_DIGITS; i++) {
        int shift = (GROUP_DIGITS - 1 - i) * DIGIT_BITS;
        byte digit = i <= bytes ? DIGITS[bits >>> shift & DIGIT_MASK] : PAD;
        target.set(ValueLayout.JAVA_BYTE, out++, digit);
      }
    }
  }
}
