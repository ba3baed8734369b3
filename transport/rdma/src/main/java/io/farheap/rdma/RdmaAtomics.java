package io.farheap.rdma;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.TransportException;
import io.farheap.transport.memory.SlabRanges;
import io.farheap.transport.session.DataPlane;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.session.Waits;
import io.farheap.transport.slab.Refusals;

/** Compare-and-swap and fetch-and-add by the server's device. */
final class RdmaAtomics implements FarAtomics {
  private final ServerControl<RdmaSlab> control;
  private final RdmaServer server;
  private final DataPlane<RdmaSlab, Operation, QueuePairLane> plane;

  RdmaAtomics(
      ServerControl<RdmaSlab> control,
      RdmaServer server,
      DataPlane<RdmaSlab, Operation, QueuePairLane> plane) {
    this.control = control;
    this.server = server;
    this.plane = plane;
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
    operation.slab = require(operation.kind, slabId, slabOffset);
    operation.slabOffset = slabOffset;
    QueuePairLane lane = server.lane();
    operation.start(lane);
    lane.submit(operation);
    lane.flush();
    long deadlineNanos = System.nanoTime() + timeoutNanos;
    boolean late = !Waits.untilOver(operation, deadlineNanos, System::nanoTime);
    if (late) {
      plane.giveUp(operation);
    }
    TransportException failure = operation.failure();
    if (failure != null) {
      // A queue pair that was given up for this operation's sake is not what failed.
      throw late && failure instanceof ConnectionLostException ? operation.givenUp() : failure;
    }
    return operation.result;
  }

  private RdmaSlab require(Operation.Kind kind, long slabId, long slabOffset) {
    control.requireOpen();
    String what = kind + "[slab=" + slabId + " slabOffset=" + slabOffset + "]";
    RdmaSlab slab = control.find(slabId);
    if (slab == null) {
      throw Refusals.notAllocated(what);
    }
    SlabRanges.requireWord(slabId, slabOffset, control.slabBytes());
    if (!server.hasAtomics()) {
      throw new RequestRefusedException(
          what
              + ": the RDMA device of "
              + control.options().server()
              + " has no atomic operations");
    }
    return slab;
  }
}
