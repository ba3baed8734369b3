package io.farheap.transport.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Atomic operations of this machine's processors on aligned words of 8 bytes. */
public final class NativeWords {
  // Ranges are checked before; a bound here would only be a second, vaguer check.
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

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
    return (long) WORD.compareAndExchange(ALL, rawAddress, expected, replacement);
  }

  /**
   * Adds to a word.
   *
   * @param rawAddress the word
   * @param addend what is added
   * @return the value before
   */
  public static long fetchAndAdd(long rawAddress, long addend) {
    return (long) WORD.getAndAdd(ALL, rawAddress, addend);
  }
}
