package io.farheap.transport.shm;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.LongAdder;

/** Copies between local memory and mapped slabs, and counts. Used by any number of threads. */
final class ShmCopier {
  private final long slabBytes;
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  ShmCopier(long slabBytes) {
    this.slabBytes = slabBytes;
  }

  /** Copies at once; returns null, or why it could not. */
  TransportException carryOut(Transfer transfer, ShmSlab slab) {
    long slabOffset = transfer.slabOffset();
    long rawAddress = transfer.rawAddress();
    int lengthBytes = transfer.lengthBytes();
    if (!slab.isUsable()
        || slabOffset < 0
        || lengthBytes < 0
        || slabOffset > slabBytes - lengthBytes
        || rawAddress <= 0
        || rawAddress > Long.MAX_VALUE - lengthBytes) {
      return refusal(transfer, slab);
    }
    try {
      copy(transfer, slab.rawAddress() + slabOffset, rawAddress, lengthBytes);
      // What was read comes before this second look: see ShmSlab.
      VarHandle.acquireFence();
      return slab.isUsable() ? null : refusal(transfer, slab);
    } finally {
      Reference.reachabilityFence(slab);
    }
  }

  private void copy(Transfer transfer, long farRawAddress, long rawAddress, int lengthBytes) {
    if (transfer.isWrite()) {
      NativeMemory.copy(rawAddress, farRawAddress, lengthBytes);
      writes.increment();
      bytesWritten.add(lengthBytes);
    } else {
      NativeMemory.copy(farRawAddress, rawAddress, lengthBytes);
      reads.increment();
      bytesRead.add(lengthBytes);
    }
  }

  private TransportException refusal(Transfer transfer, ShmSlab slab) {
    if (slab.remote().isLost()) {
      // Its file has no name any more; let its memory go too.
      slab.forget();
      return new SlabLostException(transfer + ": the server has ended the lease of the slab");
    }
    if (!slab.isUsable()) {
      return released(transfer);
    }
    if (transfer.rawAddress() <= 0
        || transfer.rawAddress() > Long.MAX_VALUE - Math.max(0, transfer.lengthBytes())) {
      return new RequestRefusedException(transfer + ": the raw address is not valid");
    }
    return new RequestRefusedException(
        transfer + ": the range is not inside the slab; check slabOffset and lengthBytes");
  }

  static RequestRefusedException released(Transfer transfer) {
    return new RequestRefusedException(
        transfer + ": the slab is not allocated; it was released or never existed");
  }

  static ConnectionLostException closed() {
    return new ConnectionLostException("the far memory is closed; open a new one");
  }

  long reads() {
    return reads.sum();
  }

  long writes() {
    return writes.sum();
  }

  long bytesRead() {
    return bytesRead.sum();
  }

  long bytesWritten() {
    return bytesWritten.sum();
  }
}
