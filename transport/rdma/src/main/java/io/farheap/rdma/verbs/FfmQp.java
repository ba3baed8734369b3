package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A queue pair. The connection manager owns it. */
final class FfmQp extends IbvQP implements NatObject {
  private static final int QP_NUMBER_BITS = 24;

  private final long rawAddress;
  private final DeviceFunctions functions;

  FfmQp(long rawAddress, FfmContext context, IbvPd domain, FfmCq sendQueue, FfmCq receiveQueue)
      throws IOException {
    super(RawMemory.getInt(rawAddress + QueueLayouts.QueuePair.QP_NUM));
    String kind = "queue pair";
    Abi.checkPointer(
        rawAddress, kind, QueueLayouts.QueuePair.CONTEXT, "context", context.getObjId());
    Abi.checkPointer(rawAddress, kind, QueueLayouts.QueuePair.PD, "pd", Handles.of(domain));
    Abi.checkPointer(
        rawAddress, kind, QueueLayouts.QueuePair.SEND_CQ, "send_cq", sendQueue.getObjId());
    Abi.checkPointer(
        rawAddress, kind, QueueLayouts.QueuePair.RECV_CQ, "recv_cq", receiveQueue.getObjId());
    Abi.require(rawAddress, kind, "qp_num", qp_num >>> QP_NUMBER_BITS == 0);
    this.rawAddress = rawAddress;
    this.functions = context.functions();
    this.context = context;
    this.pd = domain;
    this.send_cq = sendQueue;
    this.recv_cq = receiveQueue;
    this.handle = RawMemory.getInt(rawAddress + QueueLayouts.QueuePair.HANDLE);
    this.qp_type = RawMemory.getInt(rawAddress + QueueLayouts.QueuePair.QP_TYPE);
    Abi.require(rawAddress, kind, "qp_type", qp_type >= IBV_QPT_RC && qp_type <= IBV_QPT_UD);
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  /** The state as the library last saw it; the device may be further. */
  @Override
  public int getState() {
    return isOpen ? RawMemory.getInt(rawAddress + QueueLayouts.QueuePair.STATE) : IBV_QPS_RESET;
  }

  /** Posts a list of send requests: 0 or an error number. */
  int postSend(MemorySegment requests, long firstBadOffset) throws VerbsException {
    Handles.requireOpen("queue pair", isOpen);
    return NativeCalls.post(functions.postSend(), rawAddress, requests, firstBadOffset);
  }

  /** Posts a list of receive requests: 0 or an error number. */
  int postReceive(MemorySegment requests, long firstBadOffset) throws VerbsException {
    Handles.requireOpen("queue pair", isOpen);
    return NativeCalls.post(functions.postReceive(), rawAddress, requests, firstBadOffset);
  }
}
