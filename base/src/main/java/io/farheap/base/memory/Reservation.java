package io.farheap.base.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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
   * @throws NativeMemoryException if the system refuses
   */
  @SuppressWarnings("restricted")
  public static Reservation of(long bytes) {
    SystemCalls.require();
    long mappedBytes = bytes + HUGE_PAGE_BYTES;
    long start =
        SystemCalls.mmap(0, mappedBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    if (start < 0) {
      throw new NativeMemoryException(
          "cannot reserve "
              + bytes
              + " bytes of far memory: mmap gave error "
              + -start
              + "; choose a smaller capacity");
    }
    return new Reservation(
        MemorySegment.ofAddress(start).reinterpret(mappedBytes, Arena.ofAuto(), Reservation::unmap),
        bytes);
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
    return SystemCalls.madvise(range.address(), range.byteSize(), MADV_HUGEPAGE) == 0;
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
    if (SystemCalls.madvise(part.address(), lengthBytes, MADV_DONTNEED) != 0) {
      part.fill((byte) 0);
    }
  }

  private static void unmap(MemorySegment mapping) {
    int result = SystemCalls.munmap(mapping.address(), mapping.byteSize());
    assert result == 0 : "munmap gave error " + -result;
  }
}
