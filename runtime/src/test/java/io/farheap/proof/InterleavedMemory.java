package io.farheap.proof;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;

/**
 * Far memory that lets others act while a read is under way: what in a real heap other threads do
 * meanwhile, a simulation on one thread does here. Writes are polled by the agents, which nobody
 * may step again meanwhile, and pass through.
 */
public final class InterleavedMemory extends ForwardingMemory {
  private Runnable others = () -> {};

  /** Wraps a far memory, which is closed with this one. */
  public InterleavedMemory(FarMemory inner) {
    super(inner);
  }

  /** Says who acts while a read is under way. */
  public void others(Runnable newOthers) {
    this.others = newOthers;
  }

  @Override
  public boolean poll(Transfer transfer) {
    if (!transfer.isWrite()) {
      others.run();
    }
    return super.poll(transfer);
  }
}
