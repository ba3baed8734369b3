package io.farheap.server;

import io.farheap.base.memory.MappedFile;
import io.farheap.transport.TransportException;
import io.farheap.transport.memory.SlabRanges;
import io.farheap.transport.wire.MappedSlab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slabs that clients on this machine can map: each is a file of its own in a folder of a memory
 * file system ({@code /dev/shm}) or of a DAX file system.
 *
 * <p>A file serves one allocation. When the slab is given back its name goes away; a client that
 * has it mapped, alive or stopped, keeps that memory and reaches no other, since the next owner
 * gets a new file.
 */
final class FolderBacking implements SlabBacking {
  private static final Logger LOG = LoggerFactory.getLogger(FolderBacking.class);

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record FileSlab(Path file, MappedFile mapping, byte[] descriptor) implements SlabMemory {
    @Override
    public long rawAddress() {
      return mapping.rawAddress();
    }
  }

  private final SlabFolder folder;
  private final long slabBytes;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * Makes a folder for slabs.
   *
   * @param parent an existing folder
   * @throws TransportException if this user cannot have a folder there
   */
  FolderBacking(Path parent, int slabs, long slabBytes) {
    this.folder = SlabFolder.in(parent);
    this.slabBytes = slabBytes;
    warnIfSmall(parent, slabs * slabBytes);
  }

  private static void warnIfSmall(Path parent, long bytes) {
    try {
      long usable = Files.getFileStore(parent).getUsableSpace();
      if (usable < bytes) {
        LOG.warn("{} has {} bytes left, less than the memory of {}.", parent, usable, bytes);
      }
    } catch (IOException e) {
      LOG.warn("Cannot tell how much room {} has.", parent, e);
    }
  }

  @Override
  public SlabMemory take(long lease) {
    Path file = folder.slab(numbers.incrementAndGet());
    return new FileSlab(file, SlabRanges.create(file, slabBytes), descriptor(file));
  }

  private static byte[] descriptor(Path file) {
    return new MappedSlab(file.toString()).encode();
  }

  @Override
  public void giveBack(SlabMemory memory) {
    FileSlab slab = (FileSlab) memory;
    try {
      Files.deleteIfExists(slab.file);
    } catch (IOException e) {
      LOG.warn("Could not remove {}; its memory is lost until the server stops.", slab.file, e);
    }
    slab.mapping.forget();
  }

  @Override
  public void close() {
    folder.close();
  }
}
