package io.farheap.base.memory;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One reserved range of zeroed native memory, committed by the kernel page by page as it is first
 * touched.
 *
 * <p>{@link #decommit} and {@link #discard} give memory back but keep the range, so that whoever
 * reads late sees zeros and never a fault. The range itself goes when this object is unreachable.
 */
public final class NativeRegion {
  /** Base-2 logarithm of the size of a huge page. */
  private static final int HUGE_PAGE_SHIFT = 21;

  /** Size of a huge page and alignment of every region, in bytes. */
  public static final long HUGE_PAGE_BYTES = 1L << HUGE_PAGE_SHIFT;

  // Values of Linux's <sys/mman.h>, the same on x86-64 and AArch64.
  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  private static final Path TRANSPARENT_HUGE_PAGES =
      Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final Cleaner CLEANER = Cleaner.create();

  private final long rawAddress;
  private final long lengthBytes;
  private final boolean hugePages;

  private NativeRegion(long rawAddress, long lengthBytes, boolean hugePages) {
    this.rawAddress = rawAddress;
    this.lengthBytes = lengthBytes;
    this.hugePages = hugePages;
  }

  /**
   * Reserves a range.
   *
   * @param lengthBytes size in bytes, rounded up to 4 KiB
   * @param wantHugePages ask the system for 2 MiB pages
   * @return the region, all zeros
   * @throws NativeMemoryException if the system refuses
   */
  public static NativeRegion reserve(long lengthBytes, boolean wantHugePages) {
    if (lengthBytes <= 0) {
      throw new IllegalArgumentException("a region of " + lengthBytes + " bytes");
    }
    long rounded = (lengthBytes + 4095) & -4096L;
    long slack = HUGE_PAGE_BYTES;
    long mapped = map(rounded + slack);
    long start = (mapped + HUGE_PAGE_BYTES - 1) & -HUGE_PAGE_BYTES;
    boolean huge =
        wantHugePages
            && SystemCalls.madvise(start, rounded, MADV_HUGEPAGE) == 0
            && systemGivesHugePages();
    NativeRegion region = new NativeRegion(start, rounded, huge);
    CLEANER.register(region, new Unmap(mapped, rounded + slack));
    return region;
  }

  /** First raw address. */
  public long rawAddress() {
    return rawAddress;
  }

  /**
   * The first raw address as a number of huge pages. Fast paths keep it in this form: from {@link
   * #rawAddress(int)} the JIT knows that the address is positive and far from overflow, and drops
   * the bounds checks of every load that starts from it.
   */
  public int hugePageNumber() {
    return (int) (rawAddress >>> HUGE_PAGE_SHIFT);
  }

  /** The raw address of a huge page by its number. */
  public static long rawAddress(int hugePageNumber) {
    return Integer.toUnsignedLong(hugePageNumber) << HUGE_PAGE_SHIFT;
  }

  /** Size in bytes. */
  public long lengthBytes() {
    return lengthBytes;
  }

  /** Whether huge pages were asked for and the system gives them, as far as it has any free. */
  public boolean hugePages() {
    return hugePages;
  }

  /** Gives all memory back to the system; the range then reads as zeros and may be used again. */
  public void decommit() {
    discard(0, lengthBytes);
  }

  /**
   * Makes part of the range zero and gives its memory back to the system.
   *
   * @param offset where the part begins, a multiple of 4 KiB
   * @param partBytes how long it is, a multiple of 4 KiB
   */
  public void discard(long offset, long partBytes) {
    Objects.checkFromIndexSize(offset, partBytes, lengthBytes);
    // Locked memory cannot be given back, but must still become zero.
    if (SystemCalls.madvise(rawAddress + offset, partBytes, MADV_DONTNEED) != 0) {
      NativeMemory.zero(rawAddress + offset, partBytes);
    }
  }

  /** The advice is accepted even where the system will never follow it. */
  private static boolean systemGivesHugePages() {
    try {
      return !Files.readString(TRANSPARENT_HUGE_PAGES).contains("[never]");
    } catch (IOException e) {
      return false;
    }
  }

  private static long map(long lengthBytes) {
    SystemCalls.require();
    long mapped =
        SystemCalls.mmap(0, lengthBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    if (mapped < 0) {
      throw new NativeMemoryException(
          "the system refused to reserve "
              + lengthBytes
              + " bytes of address space (error "
              + -mapped
              + "); ask for less, or raise `ulimit -v` and vm.max_map_count");
    }
    return mapped;
  }

  private record Unmap(long rawAddress, long lengthBytes) implements Runnable {
    @Override
    public void run() {
      int result = SystemCalls.munmap(rawAddress, lengthBytes);
      assert result == 0 : "munmap gave error " + -result;
    }
  }
}
