package io.farheap.base.memory;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Atomic operations of this machine's processors on aligned words of 8 bytes. */
public final class NativeWords {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  private NativeWords() {}

  /**
   * Replaces a word if it has an expected value.
   *
   * @param rawAddress the word
   * @param expected value to be replaced
   * @param replacement new value
   * @return the value before
   */
  public static long compareAndSwap(long rawAddress, long expected, long replacement) {
    return (long) WORD.compareAndExchange(NativeMemory.ALL, rawAddress, expected, replacement);
  }

  /**
   * Adds to a word.
   *
   * @param rawAddress the word
   * @param addend what is added
   * @return the value before
   */
  public static long fetchAndAdd(long rawAddress, long addend) {
    return (long) WORD.getAndAdd(NativeMemory.ALL, rawAddress, addend);
  }
}
