package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** The verbs, on libibverbs. */
final class FfmVerbs extends RdmaVerbs {
  /** What DiSNI answers where memory cannot be registered without pinning it. */
  private static final int NO_ON_DEMAND_PAGING = -1;

  @Override
  public IbvPd allocPd(IbvContext context) throws IOException {
    return new FfmPd(Functions.ALLOC_PD.pointer(Handles.of(context)), context);
  }

  @Override
  public int deallocPd(IbvPd domain) throws IOException {
    long rawAddress = Handles.of(domain);
    Functions.DEALLOC_PD.check(rawAddress);
    domain.close();
    return 0;
  }

  @Override
  public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
    return new FfmCompChannel(Functions.CREATE_COMP_CHANNEL.pointer(Handles.of(context)), context);
  }

  @Override
  public int destroyCompChannel(IbvCompChannel channel) throws IOException {
    Handles.requireOpen("completion channel", channel.isOpen());
    Functions.DESTROY_COMP_CHANNEL.check(((FfmCompChannel) channel).getObjId());
    channel.close();
    return 0;
  }

  @Override
  public IbvCQ createCQ(IbvContext context, IbvCompChannel channel, int entries, int vector)
      throws IOException {
    FfmCompChannel events = (FfmCompChannel) channel;
    long channelAddress = 0;
    if (events != null) {
      Handles.requireOpen("completion channel", events.isOpen());
      channelAddress = events.getObjId();
    }
    long queueAddress =
        Functions.CREATE_CQ.pointer(Handles.of(context), entries, 0, channelAddress, vector);
    Abi.checkPointer(
        queueAddress,
        "completion queue",
        QueueLayouts.CompletionQueue.CHANNEL,
        "channel",
        channelAddress);
    FfmCq queue = new FfmCq(queueAddress, (FfmContext) context, channel);
    if (events != null) {
      events.add(queue);
    }
    return queue;
  }

  @Override
  public int destroyCQ(IbvCQ queue) throws IOException {
    long rawAddress = Handles.of(queue);
    FfmCq ours = (FfmCq) queue;
    int left = ours.takeUnacknowledged(Integer.MAX_VALUE);
    if (left > 0) {
      Functions.ACK_CQ_EVENTS.run(rawAddress, left);
    }
    Functions.DESTROY_CQ.check(rawAddress);
    queue.close();
    if (queue.getChannel() != null) {
      ((FfmCompChannel) queue.getChannel()).remove(ours);
    }
    return 0;
  }

  @Override
  public boolean getCqEvent(IbvCompChannel channel, IbvCQ queue, int timeoutMillis)
      throws IOException {
    Handles.requireOpen("completion channel", channel.isOpen());
    return ((FfmCompChannel) channel).takeEvent(timeoutMillis);
  }

  @Override
  public int ackCqEvents(IbvCQ queue, int events) throws IOException {
    long rawAddress = Handles.of(queue);
    int taken = ((FfmCq) queue).takeUnacknowledged(events);
    if (taken > 0) {
      Functions.ACK_CQ_EVENTS.run(rawAddress, taken);
    }
    return 0;
  }

  @Override
  public SVCReqNotify reqNotifyCQ(IbvCQ queue, boolean solicitedOnly) throws IOException {
    return new ReqNotifyCall((FfmCq) queue, solicitedOnly);
  }

  @Override
  public SVCPollCq pollCQ(IbvCQ queue, IbvWC[] completions, int most) throws IOException {
    return new PollCqCall((FfmCq) queue, completions, most);
  }

  @Override
  public SVCPostSend postSend(IbvQP pair, List<IbvSendWR> requests, List<IbvSendWR> refused)
      throws IOException {
    return new PostSendCall((FfmQp) pair, requests, refused);
  }

  @Override
  public SVCPostRecv postRecv(IbvQP pair, List<IbvRecvWR> requests, List<IbvRecvWR> refused)
      throws IOException {
    return new PostRecvCall((FfmQp) pair, requests, refused);
  }

  @Override
  public SVCRegMr regMr(IbvPd domain, ByteBuffer buffer, int access) throws IOException {
    if (!buffer.isDirect()) {
      throw new VerbsException("a buffer on the Java heap cannot be registered; use a direct one");
    }
    MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
    return new RegMrCall(domain, memory.address(), buffer.capacity(), access, buffer);
  }

  @Override
  public SVCRegMr regMr(IbvPd domain, long rawAddress, int lengthBytes, int access)
      throws IOException {
    return new RegMrCall(domain, rawAddress, lengthBytes, access, null);
  }

  @Override
  public SVCDeregMr deregMr(IbvMr region) throws IOException {
    return new DeregMrCall((FfmMr) region);
  }

  @Override
  public int queryOdpSupport(IbvContext context) {
    return NO_ON_DEMAND_PAGING;
  }

  @Override
  public int expPrefetchMr(IbvMr region, long rawAddress, int lengthBytes) {
    return NO_ON_DEMAND_PAGING;
  }

  /** Looked up on first use. */
  private static final class Functions {
    static final NativeFunction ALLOC_PD = Libraries.verbs("ibv_alloc_pd");
    static final NativeFunction DEALLOC_PD = Libraries.verbs("ibv_dealloc_pd");
    static final NativeFunction CREATE_COMP_CHANNEL = Libraries.verbs("ibv_create_comp_channel");
    static final NativeFunction DESTROY_COMP_CHANNEL = Libraries.verbs("ibv_destroy_comp_channel");
    static final NativeFunction CREATE_CQ = Libraries.verbs("ibv_create_cq");
    static final NativeFunction DESTROY_CQ = Libraries.verbs("ibv_destroy_cq");
    static final NativeFunction ACK_CQ_EVENTS = Libraries.verbs("ibv_ack_cq_events");
  }
}
