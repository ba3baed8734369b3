package io.farheap.transport.embedded;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.LongAdder;

/** Carries transfers out: checks them, copies, counts. Used by any number of threads. */
final class Copier {
  private final SlabTable slabs;
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private volatile boolean closed;

  Copier(SlabTable slabs) {
    this.slabs = slabs;
  }

  /** Copies at once; returns null, or why it could not. */
  TransportException carryOut(Transfer transfer) {
    long slab = transfer.slab();
    long slabOffset = transfer.slabOffset();
    long rawAddress = transfer.rawAddress();
    int lengthBytes = transfer.lengthBytes();
    if (!slabs.isAllocated(slab)
        || !slabs.contains(slabOffset, lengthBytes)
        || rawAddress <= 0
        || rawAddress > Long.MAX_VALUE - lengthBytes) {
      return refusal(transfer);
    }
    // The memory stays mapped as long as its table is reachable.
    try {
      copy(transfer, slabs.rawAddress(slab, slabOffset), rawAddress, lengthBytes);
      // What was read comes before this second look: see SlabTable.
      VarHandle.acquireFence();
      return slabs.isAllocated(slab) ? null : refusal(transfer);
    } finally {
      Reference.reachabilityFence(slabs);
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

  private TransportException refusal(Transfer transfer) {
    if (closed) {
      return lost();
    }
    if (!slabs.isAllocated(transfer.slab())) {
      return new RequestRefusedException(
          transfer + ": the slab is not allocated; it was released or never existed");
    }
    if (!slabs.contains(transfer.slabOffset(), transfer.lengthBytes())) {
      return new RequestRefusedException(
          transfer + ": the range is not inside the slab; check slabOffset and lengthBytes");
    }
    return new RequestRefusedException(transfer + ": the raw address is not valid");
  }

  /** From now on what fails does so because of the closing. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  static ConnectionLostException lost() {
    return new ConnectionLostException("the embedded far memory is closed; open a new one");
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
