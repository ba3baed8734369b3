package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** A completion queue. */
final class FfmCq extends IbvCQ implements NatObject {
  private final long rawAddress;
  private final DeviceFunctions functions;

  /** Destroying a queue waits for all of these to be acknowledged. */
  private final AtomicInteger unacknowledged = new AtomicInteger();

  FfmCq(long rawAddress, FfmContext context, IbvCompChannel channel) throws IOException {
    super(context, channel, RawMemory.getInt(rawAddress + QueueLayouts.CompletionQueue.HANDLE));
    String kind = "completion queue";
    Abi.checkPointer(
        rawAddress, kind, QueueLayouts.CompletionQueue.CONTEXT, "context", context.getObjId());
    this.rawAddress = rawAddress;
    this.functions = context.functions();
    this.cqe = RawMemory.getInt(rawAddress + QueueLayouts.CompletionQueue.CQE);
    Abi.require(rawAddress, kind, "cqe", cqe > 0);
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  /** How many completions were written to {@code completions}, or a negative number. */
  int poll(int most, MemorySegment completions) throws VerbsException {
    Handles.requireOpen("completion queue", isOpen);
    return NativeCalls.poll(functions.pollQueue(), rawAddress, most, completions);
  }

  void requestNotification(boolean solicitedOnly) throws VerbsException {
    Handles.requireOpen("completion queue", isOpen);
    int result =
        NativeCalls.requestNotification(
            functions.requestNotification(), rawAddress, solicitedOnly ? 1 : 0);
    if (result != 0) {
      throw new VerbsException("ibv_req_notify_cq", Math.abs(result));
    }
  }

  void eventTaken() {
    unacknowledged.incrementAndGet();
  }

  /**
   * Takes back up to {@code most} events that were taken and not acknowledged.
   *
   * @return how many to acknowledge; more would make the library count wrongly
   */
  int takeUnacknowledged(int most) {
    return Math.min(
        most, unacknowledged.getAndUpdate(count -> count - Math.min(count, Math.max(0, most))));
  }
}
