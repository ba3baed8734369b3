package io.farheap.base.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Loads and stores at raw addresses.
 *
 * <p>All accesses go through one segment that spans the whole address space and is a compile-time
 * constant, so that the JIT emits plain machine loads and stores without bounds or liveness checks.
 * Nothing here checks anything: callers own the proof that the address is theirs. Plain accessors
 * accept any alignment; the ordered ones want natural alignment.
 */
public final class NativeMemory {
  /** All of the address space, without any guard: the one such segment of the project. */
  public static final MemorySegment ALL = everything();

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private static final VarHandle LONG_WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.nativeOrder()).varHandle();
  private static final VarHandle INT_WORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.nativeOrder()).varHandle();

  private NativeMemory() {}

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /**
   * A view of local bytes that nothing guards.
   *
   * @param rawAddress first byte
   * @param lengthBytes length of the view
   * @return a segment of global scope; valid only as long as the caller keeps the bytes in place
   */
  public static MemorySegment view(long rawAddress, long lengthBytes) {
    return ALL.asSlice(rawAddress, lengthBytes);
  }

  /**
   * The same bytes, for as long as an arena is open and on the threads that may use it.
   *
   * @param segment any segment
   * @param arena whose end ends the view
   * @return a segment that throws where the arena's own would
   */
  @SuppressWarnings("restricted")
  public static MemorySegment guarded(MemorySegment segment, Arena arena) {
    return segment.reinterpret(arena, null);
  }

  /** Plain load of a byte. */
  public static byte getByte(long rawAddress) {
    return ALL.get(JAVA_BYTE, rawAddress);
  }

  /** Plain store of a byte. */
  public static void putByte(long rawAddress, byte value) {
    ALL.set(JAVA_BYTE, rawAddress, value);
  }

  /** Plain load of a short, any alignment. */
  public static short getShort(long rawAddress) {
    return ALL.get(SHORT, rawAddress);
  }

  /** Plain store of a short, any alignment. */
  public static void putShort(long rawAddress, short value) {
    ALL.set(SHORT, rawAddress, value);
  }

  /** Plain load of a char, any alignment. */
  public static char getChar(long rawAddress) {
    return ALL.get(CHAR, rawAddress);
  }

  /** Plain store of a char, any alignment. */
  public static void putChar(long rawAddress, char value) {
    ALL.set(CHAR, rawAddress, value);
  }

  /** Plain load of an int, any alignment. */
  public static int getInt(long rawAddress) {
    return ALL.get(INT, rawAddress);
  }

  /** Plain store of an int, any alignment. */
  public static void putInt(long rawAddress, int value) {
    ALL.set(INT, rawAddress, value);
  }

  /** Plain load of a long, any alignment. */
  public static long getLong(long rawAddress) {
    return ALL.get(LONG, rawAddress);
  }

  /** Plain store of a long, any alignment. */
  public static void putLong(long rawAddress, long value) {
    ALL.set(LONG, rawAddress, value);
  }

  /** Plain load of a float, any alignment. */
  public static float getFloat(long rawAddress) {
    return ALL.get(FLOAT, rawAddress);
  }

  /** Plain store of a float, any alignment. */
  public static void putFloat(long rawAddress, float value) {
    ALL.set(FLOAT, rawAddress, value);
  }

  /** Plain load of a double, any alignment. */
  public static double getDouble(long rawAddress) {
    return ALL.get(DOUBLE, rawAddress);
  }

  /** Plain store of a double, any alignment. */
  public static void putDouble(long rawAddress, double value) {
    ALL.set(DOUBLE, rawAddress, value);
  }

  /**
   * Acquire load of an aligned long. A plain load and a fence, since an ordered access of a segment
   * would test the alignment each time; on x86 neither costs an instruction.
   */
  public static long getLongAcquire(long rawAddress) {
    long value = ALL.get(LONG, rawAddress);
    VarHandle.acquireFence();
    return value;
  }

  /** Release store of an aligned long. */
  public static void putLongRelease(long rawAddress, long value) {
    LONG_WORD.setRelease(ALL, rawAddress, value);
  }

  /** Volatile compare-and-set of an aligned long. */
  public static boolean compareAndSetLong(long rawAddress, long expected, long value) {
    return LONG_WORD.compareAndSet(ALL, rawAddress, expected, value);
  }

  /** Acquire load of an aligned int. */
  public static int getIntAcquire(long rawAddress) {
    return (int) INT_WORD.getAcquire(ALL, rawAddress);
  }

  /** Release store of an aligned int. */
  public static void putIntRelease(long rawAddress, int value) {
    INT_WORD.setRelease(ALL, rawAddress, value);
  }

  /** Volatile compare-and-set of an aligned int. */
  public static boolean compareAndSetInt(long rawAddress, int expected, int value) {
    return INT_WORD.compareAndSet(ALL, rawAddress, expected, value);
  }

  /** Atomic add to an aligned int; returns the value before. */
  public static int addInt(long rawAddress, int delta) {
    return (int) INT_WORD.getAndAdd(ALL, rawAddress, delta);
  }

  /** Copies bytes; overlapping ranges are copied as if through a temporary. */
  public static void copy(long sourceRawAddress, long targetRawAddress, long lengthBytes) {
    MemorySegment.copy(ALL, sourceRawAddress, ALL, targetRawAddress, lengthBytes);
  }

  /** Copies local bytes into an array. */
  public static void copyOut(long sourceRawAddress, byte[] target, int offset, int lengthBytes) {
    MemorySegment.copy(ALL, JAVA_BYTE, sourceRawAddress, target, offset, lengthBytes);
  }

  /** Copies an array's bytes to local memory. */
  public static void copyIn(byte[] source, int offset, long targetRawAddress, int lengthBytes) {
    MemorySegment.copy(source, offset, ALL, JAVA_BYTE, targetRawAddress, lengthBytes);
  }

  /** Fills bytes with zero. */
  public static void zero(long rawAddress, long lengthBytes) {
    ALL.asSlice(rawAddress, lengthBytes).fill((byte) 0);
  }
}
