package io.farheap.transport.memory;

import io.farheap.base.memory.MappedFile;
import io.farheap.base.memory.NativeMemoryException;
import io.farheap.base.memory.NativeRegion;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.TransportException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The native memory of slabs, whose failures are those of far memory. */
public final class SlabRanges {
  private SlabRanges() {}

  /**
   * Reserves memory for slabs.
   *
   * @param slabs how many
   * @param slabBytes size of each; from a huge page on huge pages are asked for
   * @return the range, all zero
   * @throws TransportException if the system refuses
   */
  public static NativeRegion reserve(long slabs, long slabBytes) {
    return translated(
        () -> NativeRegion.reserve(slabs * slabBytes, slabBytes >= NativeRegion.HUGE_PAGE_BYTES));
  }

  /**
   * Creates a file for slabs, see {@link MappedFile#create}.
   *
   * @param file where; must not exist
   * @param bytes how long, a multiple of 4 KiB
   * @return the file, all zero
   * @throws FarMemoryFullException if there is no room for it
   * @throws TransportException if it cannot be created
   */
  public static MappedFile create(Path file, long bytes) {
    return translated(() -> MappedFile.create(file, bytes));
  }

  /**
   * Maps a file of slabs, see {@link MappedFile#open}.
   *
   * @param file an existing file
   * @param bytes how long it must be
   * @return the file
   * @throws FarMemoryFullException if this process has no room for it
   * @throws TransportException if it cannot be mapped, or has another length
   */
  public static MappedFile open(Path file, long bytes) {
    return translated(() -> MappedFile.open(file, bytes));
  }

  private static <T> T translated(Supplier<T> action) {
    try {
      return action.get();
    } catch (NativeMemoryException e) {
      throw e.isNoRoom()
          ? new FarMemoryFullException(e.getMessage())
          : new TransportException(e.getMessage(), e);
    }
  }

  /**
   * Refuses what is no word of a slab.
   *
   * @param slab the slab's id, for the message
   * @param slabOffset first byte of the word
   * @param slabBytes size of the slab
   * @throws RequestRefusedException if it is not aligned or not inside
   */
  public static void requireWord(long slab, long slabOffset, long slabBytes) {
    if (slabOffset < 0 || slabOffset % Long.BYTES != 0 || slabOffset > slabBytes - Long.BYTES) {
      throw new RequestRefusedException(
          "slabOffset="
              + slabOffset
              + " is no word of slab "
              + slab
              + "; choose a multiple of 8 inside its "
              + slabBytes
              + " bytes");
    }
  }
}
