package io.farheap.transport.memory;

import io.farheap.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A range of zeroed native memory that the system commits page by page when it is first touched.
 *
 * <p>It is unmapped only when this object is unreachable, so that a copy that runs while the range
 * is given up touches memory that is still mapped. {@link #discard} gives the memory itself back.
 */
public final class Reservation {
  /** Size and alignment of a huge page. */
  public static final long HUGE_PAGE_BYTES = 2L << 20;

  // Values of Linux's <sys/mman.h>, the same on x86-64 and AArch64.
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MUNMAP =
      function(
          "munmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle MADVISE =
      function(
          "madvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));

  private final MemorySegment range;

  private Reservation(MemorySegment mapping, long bytes) {
    long start = mapping.address();
    long aligned = (start + HUGE_PAGE_BYTES - 1) & -HUGE_PAGE_BYTES;
    this.range = mapping.asSlice(aligned - start, bytes);
  }

  /**
   * Reserves memory that begins at a multiple of {@link #HUGE_PAGE_BYTES}.
   *
   * @param bytes how much
   * @return the reserved range, all zero
   * @throws TransportException if the system refuses
   */
  @SuppressWarnings("restricted")
  public static Reservation of(long bytes) {
    if (MMAP == null || MUNMAP == null || MADVISE == null) {
      throw new TransportException(
          "far memory needs mmap, munmap and madvise, which this system does not have");
    }
    long mappedBytes = bytes + HUGE_PAGE_BYTES;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callState = arena.allocate(CALL_STATE);
      long start =
          (long)
              MMAP.invokeExact(
                  callState,
                  0L,
                  mappedBytes,
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  0L);
      if (start == MAP_FAILED) {
        throw new TransportException(
            "cannot reserve "
                + bytes
                + " bytes of far memory: mmap gave error "
                + (int) ERRNO.get(callState, 0L)
                + "; choose a smaller capacity");
      }
      MemorySegment mapping =
          MemorySegment.ofAddress(start)
              .reinterpret(mappedBytes, Arena.ofAuto(), Reservation::unmap);
      return new Reservation(mapping, bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Where the range begins.
   *
   * @return raw address of its first byte
   */
  public long rawAddress() {
    return range.address();
  }

  /**
   * Asks for huge pages.
   *
   * @return false if the system has none
   */
  public boolean preferHugePages() {
    return madvise(range.address(), range.byteSize(), MADV_HUGEPAGE);
  }

  /**
   * Makes part of the range zero and gives its memory back to the system.
   *
   * @param offset where the part begins
   * @param lengthBytes how long it is
   */
  public void discard(long offset, long lengthBytes) {
    MemorySegment part = range.asSlice(offset, lengthBytes);
    // Locked memory cannot be given back, but must still become zero.
    if (!madvise(part.address(), lengthBytes, MADV_DONTNEED)) {
      part.fill((byte) 0);
    }
  }

  private boolean madvise(long rawAddress, long lengthBytes, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callState = arena.allocate(CALL_STATE);
      return (int) MADVISE.invokeExact(callState, rawAddress, lengthBytes, advice) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void unmap(MemorySegment mapping) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callState = arena.allocate(CALL_STATE);
      int result = (int) MUNMAP.invokeExact(callState, mapping.address(), mapping.byteSize());
      assert result == 0 : "munmap gave error " + (int) ERRNO.get(callState, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup lookup = linker.defaultLookup();
    return lookup
        .find(name)
        .map(
            symbol ->
                linker.downcallHandle(symbol, descriptor, Linker.Option.captureCallState("errno")))
        .orElse(null);
  }
}
