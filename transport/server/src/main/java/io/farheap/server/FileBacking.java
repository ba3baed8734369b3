package io.farheap.server;

import io.farheap.base.memory.MappedFile;
import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.TransportException;
import io.farheap.transport.memory.SlabRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Slabs in one mapped file, which the server creates, reserves as a whole and keeps for itself: it
 * has no name once the server has started, so that nothing is left over however the server ends.
 */
final class FileBacking implements SlabBacking {
  private record Place(int number, long rawAddress) implements SlabMemory {}

  private final MappedFile file;
  private final long slabBytes;

  // Guarded by this object's lock.
  private final int[] freePlaces;
  private int freeCount;

  /**
   * Creates the file.
   *
   * @param path where; must not exist
   * @throws FarMemoryFullException if the file system has no room for it
   * @throws TransportException if the file cannot be created, for example since it exists
   */
  FileBacking(Path path, int slabs, long slabBytes) {
    if (Files.exists(path)) {
      throw new TransportException(
          "memory-file=" + path + " exists and is no folder; remove it or name another");
    }
    this.file = SlabRanges.create(path, slabs * slabBytes);
    this.slabBytes = slabBytes;
    this.freePlaces = new int[slabs];
    this.freeCount = slabs;
    for (int i = 0; i < slabs; i++) {
      freePlaces[i] = slabs - 1 - i;
    }
    try {
      Files.delete(path);
    } catch (IOException e) {
      file.forget();
      throw new TransportException("cannot take the name of " + path + " away", e);
    }
  }

  @Override
  public synchronized SlabMemory take(long lease) {
    if (freeCount == 0) {
      throw new FarMemoryFullException("all " + freePlaces.length + " slabs are in use");
    }
    int place = freePlaces[--freeCount];
    return new Place(place, file.rawAddress() + place * slabBytes);
  }

  @Override
  public void giveBack(SlabMemory memory) {
    Place place = (Place) memory;
    // Zeroed by hand: a hole in the file would be memory that is not reserved any more.
    NativeMemory.zero(place.rawAddress, slabBytes);
    synchronized (this) {
      freePlaces[freeCount++] = place.number;
    }
  }

  @Override
  public void close() {
    file.forget();
  }
}
