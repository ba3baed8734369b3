package io.farheap.internal;

import io.farheap.FarAccessException;
import io.farheap.allocator.SlabSource;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.util.concurrent.atomic.AtomicLongArray;

/** Which slab of far memory holds which part of far address space. */
final class SlabMap implements SlabSource {
  private static final long NONE = -1;

  private final FarMemory farMemory;
  private final int slabShift;
  private final long offsetMask;
  private final AtomicLongArray slabs;

  /**
   * An empty map.
   *
   * @param slabBytes size of a slab, a power of two
   * @param maxSlabs slabs of far address space
   */
  SlabMap(FarMemory farMemory, long slabBytes, int maxSlabs) {
    this.farMemory = farMemory;
    this.slabShift = Long.numberOfTrailingZeros(slabBytes);
    this.offsetMask = slabBytes - 1;
    this.slabs = new AtomicLongArray(maxSlabs);
    for (int i = 0; i < maxSlabs; i++) {
      slabs.setPlain(i, NONE);
    }
  }

  @Override
  public boolean addSlab(int slabIndex) {
    try {
      slabs.setRelease(slabIndex, farMemory.allocateSlab());
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
    return transfer.read(slab(farAddress), farAddress & offsetMask, rawAddress, lengthBytes);
  }

  /** Fills a request to write far bytes, which lie in one slab. */
  Transfer write(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    return transfer.write(slab(farAddress), farAddress & offsetMask, rawAddress, lengthBytes);
  }

  private long slab(long farAddress) {
    return slabs.getAcquire((int) (farAddress >>> slabShift));
  }
}
