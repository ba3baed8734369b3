package io.farheap.broken;

import io.farheap.proof.ForwardingMemory;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.util.ArrayList;
import java.util.List;

/** Remembers the slabs in their order, so that a test agent can write pages to their far place. */
final class RecordedSlabs extends ForwardingMemory {
  private final List<Long> slabs = new ArrayList<>();
  private boolean reading;

  RecordedSlabs(FarMemory inner) {
    super(inner);
  }

  @Override
  public long allocateSlab() {
    long slab = super.allocateSlab();
    slabs.add(slab);
    return slab;
  }

  @Override
  public void submit(Transfer transfer) {
    reading = !transfer.isWrite();
    super.submit(transfer);
  }

  @Override
  public boolean poll(Transfer transfer) {
    reading = false;
    return super.poll(transfer);
  }

  /** Whether somebody reads, and did not look yet whether it is done. */
  boolean reading() {
    return reading;
  }

  /** Fills a read of a far address into local memory. */
  Transfer read(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    int index = Math.toIntExact(farAddress / slabBytes());
    return transfer.read(slabs.get(index), farAddress % slabBytes(), rawAddress, lengthBytes);
  }

  /** Fills a write of local bytes to a far address. */
  Transfer write(Transfer transfer, long farAddress, long rawAddress, int lengthBytes) {
    int index = Math.toIntExact(farAddress / slabBytes());
    return transfer.write(slabs.get(index), farAddress % slabBytes(), rawAddress, lengthBytes);
  }
}
