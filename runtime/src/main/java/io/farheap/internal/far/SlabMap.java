package io.farheap.internal.far;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.SlabSource;
import io.farheap.error.FarAccessException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which slab of far memory holds which part of far address space.
 *
 * <p>A slab may be lost with its memory server. Another then takes its place for what is written
 * from there on, page by page; pages that were not written since are read from the lost slab still,
 * which fails and says why. So a page has either its own bytes or none, and never another slab's
 * zeros.
 */
public final class SlabMap implements SlabSource {
  private static final Logger LOG = LoggerFactory.getLogger(SlabMap.class);

  private final FarMemory farMemory;
  private final int slabShift;
  private final long offsetMask;
  private final AtomicReferenceArray<Slab> slabs;

  /**
   * Where one part of far address space is. All of it but {@link #lost} is fixed: a reader takes
   * one reference, and what it says goes together.
   */
  private static final class Slab {
    final long id;

    /** Whose place it took, or itself. */
    final long lostId;

    /** A bit for each page whose write to it is done; null if it is the first here. */
    final AtomicLongArray written;

    /** The transport said that it is gone. */
    volatile boolean lost;

    Slab(long id, long lostId, AtomicLongArray written) {
      this.id = id;
      this.lostId = lostId;
      this.written = written;
    }

    /** Whether all of some neighbouring pages are in this slab. */
    boolean holds(int firstPage, int lastPage) {
      if (written != null) {
        for (int page = firstPage; page <= lastPage; page++) {
          if ((written.get(page >>> 6) & (1L << page)) == 0) {
            return false;
          }
        }
      }
      return true;
    }

    void note(int firstPage, int lastPage) {
      if (written != null) {
        for (int page = firstPage; page <= lastPage; page++) {
          long bit = 1L << page;
          long _ = written.getAndAccumulate(page >>> 6, bit, (bits, more) -> bits | more);
        }
      }
    }
  }

  /**
   * An empty map.
   *
   * @param slabBytes size of a slab, a power of two
   * @param maxSlabs slabs of far address space
   */
  public SlabMap(FarMemory farMemory, long slabBytes, int maxSlabs) {
    this.farMemory = farMemory;
    this.slabShift = Long.numberOfTrailingZeros(slabBytes);
    this.offsetMask = slabBytes - 1;
    this.slabs = new AtomicReferenceArray<>(maxSlabs);
  }

  @Override
  public boolean addSlab(int slabIndex) {
    try {
      long id = farMemory.allocateSlab();
      slabs.setRelease(slabIndex, new Slab(id, id, null));
      return true;
    } catch (FarMemoryFullException e) {
      return false;
    } catch (TransportException e) {
      throw new FarAccessException(
          "far memory did not give a slab ("
              + e.getMessage()
              + "); nothing is lost: try again once it is back",
          true,
          e);
    }
  }

  /** Fills a request to read far bytes, which lie in one slab. */
  Transfer read(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    return transfer.read(
        holder(farAddress, lengthBytes), farAddress & offsetMask, rawAddress, lengthBytes);
  }

  /**
   * Fills a request to write pages that are about to go out, from their first byte on. Nobody reads
   * them from far memory before the write is done.
   */
  Transfer writePages(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    int slabIndex = slabIndex(farAddress);
    Slab slab = slabs.getAcquire(slabIndex);
    if (slab.lost) {
      slab = replace(slabIndex);
    }
    return transfer.write(slab.id, farAddress & offsetMask, rawAddress, lengthBytes);
  }

  /**
   * Notes that a write of pages is done, before anybody can read them from far memory.
   *
   * @param slabId the slab that it was filled with
   */
  void written(long farAddress, long slabId, int lengthBytes) {
    Slab slab = slabs.getAcquire(slabIndex(farAddress));
    if (slab.id == slabId) {
      slab.note(page(farAddress), page(farAddress + lengthBytes - 1));
    }
  }

  /** Fills a request to write a part of what is in far memory. */
  Transfer writePart(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    return transfer.write(
        holder(farAddress, lengthBytes), farAddress & offsetMask, rawAddress, lengthBytes);
  }

  /** The slab that has some bytes, or had them when it was lost. */
  private long holder(long farAddress, int lengthBytes) {
    Slab slab = slabs.getAcquire(slabIndex(farAddress));
    return slab.holds(page(farAddress), page(farAddress + lengthBytes - 1)) ? slab.id : slab.lostId;
  }

  /**
   * Notes why a transfer failed.
   *
   * @param slabId the slab that it was filled with
   */
  void failed(TransportException failure, long farAddress, long slabId) {
    if (failure instanceof SlabLostException) {
      Slab slab = slabs.getAcquire(slabIndex(farAddress));
      if (slab.id == slabId && !slab.lost) {
        slab.lost = true;
        LOG.error("a slab of far memory is lost: {}", failure.getMessage());
      }
    }
  }

  /** Whether neighbouring far bytes are all there, as far as is known. */
  boolean has(long farAddress, int lengthBytes) {
    Slab slab = slabs.getAcquire(slabIndex(farAddress));
    return slab == null
        || (!slab.lost && slab.holds(page(farAddress), page(farAddress + lengthBytes - 1)));
  }

  /** Gets a slab in a lost one's place; may take a network trip. Answers what is there then. */
  private synchronized Slab replace(int slabIndex) {
    Slab lost = slabs.getAcquire(slabIndex);
    if (!lost.lost) {
      return lost;
    }
    try {
      int words = (int) (FarAddress.page(offsetMask) >>> 6) + 1;
      Slab next = new Slab(farMemory.allocateSlab(), lost.id, new AtomicLongArray(words));
      slabs.setRelease(slabIndex, next);
      return next;
    } catch (TransportException e) {
      return lost; // the write fails, and its page is tried again
    }
  }

  private int slabIndex(long farAddress) {
    return (int) (farAddress >>> slabShift);
  }

  private int page(long farAddress) {
    return (int) FarAddress.page(farAddress & offsetMask);
  }
}
