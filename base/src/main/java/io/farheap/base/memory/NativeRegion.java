package io.farheap.base.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One reserved range of zeroed native memory, committed by the kernel page by page as it is first
 * touched.
 *
 * <p>{@link #decommit} gives the memory back but keeps the range, so that a late reader sees zeros
 * and never a fault. The range itself goes when this object is unreachable.
 */
public final class NativeRegion {
  /** Base-2 logarithm of the size of a huge page. */
  private static final int HUGE_PAGE_SHIFT = 21;

  /** Size of a huge page and alignment of every region, in bytes. */
  public static final long HUGE_PAGE_BYTES = 1L << HUGE_PAGE_SHIFT;

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private static final Path TRANSPARENT_HUGE_PAGES =
      Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle MMAP =
      libc(
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
      libc(
          "munmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle MADVISE =
      libc(
          "madvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
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
        wantHugePages && advise(start, rounded, MADV_HUGEPAGE) == 0 && systemGivesHugePages();
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
    int errno = advise(rawAddress, lengthBytes, MADV_DONTNEED);
    if (errno != 0) {
      throw new NativeMemoryException(
          "could not give back " + lengthBytes + " bytes (errno " + errno + ")");
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
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(CAPTURE);
      long mapped =
          (long)
              MMAP.invokeExact(
                  captured,
                  0L,
                  lengthBytes,
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  0L);
      if (mapped == MAP_FAILED) {
        throw new NativeMemoryException(
            "the system refused to reserve "
                + lengthBytes
                + " bytes of address space (errno "
                + (int) ERRNO.get(captured, 0L)
                + "); ask for less, or raise `ulimit -v` and vm.max_map_count");
      }
      return mapped;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new NativeMemoryException("mmap could not be called", t);
    }
  }

  private static int advise(long rawAddress, long lengthBytes, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(CAPTURE);
      int status = (int) MADVISE.invokeExact(captured, rawAddress, lengthBytes, advice);
      return status == 0 ? 0 : (int) ERRNO.get(captured, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new NativeMemoryException("madvise could not be called", t);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle libc(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  private record Unmap(long rawAddress, long lengthBytes) implements Runnable {
    @Override
    public void run() {
      try (Arena arena = Arena.ofConfined()) {
        int _ = (int) MUNMAP.invokeExact(arena.allocate(CAPTURE), rawAddress, lengthBytes);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable t) {
        throw new NativeMemoryException("munmap could not be called", t);
      }
    }
  }
}
