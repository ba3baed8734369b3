package io.farheap.transport.rdma;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.TransportException;
import io.farheap.transport.memory.SlabRanges;

/** Compare-and-swap and fetch-and-add by the server's device. */
final class RdmaAtomics implements FarAtomics {
  private final RdmaMemory memory;

  RdmaAtomics(RdmaMemory memory) {
    this.memory = memory;
  }

  @Override
  public long compareAndSwap(
      long slab, long slabOffset, long expected, long replacement, long timeoutNanos) {
    Operation operation = new Operation(Operation.Kind.COMPARE_AND_SWAP);
    operation.expected = expected;
    operation.operand = replacement;
    return run(operation, slab, slabOffset, timeoutNanos);
  }

  @Override
  public long fetchAndAdd(long slab, long slabOffset, long addend, long timeoutNanos) {
    Operation operation = new Operation(Operation.Kind.FETCH_AND_ADD);
    operation.operand = addend;
    return run(operation, slab, slabOffset, timeoutNanos);
  }

  private long run(Operation operation, long slabId, long slabOffset, long timeoutNanos) {
    RdmaSlab slab = require(operation.kind, slabId, slabOffset);
    operation.slab = slab;
    operation.slabOffset = slabOffset;
    operation.submittedNanos = System.nanoTime();
    Lane lane = slab.server().lane();
    lane.submit(operation);
    lane.flush();
    long deadlineNanos = System.nanoTime() + timeoutNanos;
    boolean late = !Waits.untilOver(operation, deadlineNanos, System::nanoTime);
    if (late) {
      RdmaMemory.giveUp(operation);
    }
    TransportException failure = operation.failure;
    if (failure != null) {
      // A queue pair that was given up for this operation's sake is not what failed.
      throw late && failure instanceof ConnectionLostException ? operation.givenUp() : failure;
    }
    return operation.result;
  }

  private RdmaSlab require(Operation.Kind kind, long slabId, long slabOffset) {
    if (memory.isClosed()) {
      throw RdmaServer.closedFailure();
    }
    String what = kind + "[slab=" + slabId + " slabOffset=" + slabOffset + "]";
    RdmaSlab slab = memory.find(slabId);
    if (slab == null) {
      throw Lane.released(what);
    }
    SlabRanges.requireWord(slabId, slabOffset, memory.slabBytes());
    if (!slab.server().hasAtomics()) {
      throw new RequestRefusedException(
          what + ": the RDMA device of " + slab.server().address() + " has no atomic operations");
    }
    return slab;
  }
}
