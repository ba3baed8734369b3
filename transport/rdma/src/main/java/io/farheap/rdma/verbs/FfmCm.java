package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Set;

/** The connection manager, on librdmacm. */
final class FfmCm extends RdmaCm {
  /** What DiSNI's own layer takes where an attribute is left at 0. */
  private static final int DEFAULT_ENTRIES = 4;

  /** Stands for as many as both sides have, for READs and atomic operations under way. */
  private static final byte AS_MANY_AS_POSSIBLE = (byte) 0xff;

  private static final byte[] NO_DATA = {};

  private static final Set<RdmaCmEvent.EventType> WITH_DATA =
      EnumSet.of(
          RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST,
          RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_RESPONSE,
          RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED,
          RdmaCmEvent.EventType.RDMA_CM_EVENT_REJECTED);

  @Override
  public RdmaEventChannel createEventChannel() throws IOException {
    return new FfmEventChannel(Functions.CREATE_EVENT_CHANNEL.pointer());
  }

  @Override
  public int destroyEventChannel(RdmaEventChannel channel) throws IOException {
    long rawAddress = channelAddress(channel);
    channel.close();
    Functions.DESTROY_EVENT_CHANNEL.run(rawAddress);
    return 0;
  }

  @Override
  public RdmaCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
    long channelAddress = channelAddress(channel);
    long idAddress;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      Functions.CREATE_ID.check(channelAddress, out.address(), 0, portSpace);
      idAddress = out.get(ValueLayout.JAVA_LONG, 0);
    }
    FfmEventChannel ours = (FfmEventChannel) channel;
    FfmCmId id = new FfmCmId(idAddress, ours, portSpace);
    ours.add(id);
    return id;
  }

  @Override
  public int destroyCmId(RdmaCmId id) throws IOException {
    long rawAddress = idAddress(id);
    ((FfmEventChannel) id.getCmChannel()).remove((FfmCmId) id);
    id.close();
    Functions.DESTROY_ID.check(rawAddress);
    return 0;
  }

  @Override
  public int destroyEp(RdmaCmId id) throws IOException {
    long rawAddress = idAddress(id);
    ((FfmEventChannel) id.getCmChannel()).remove((FfmCmId) id);
    if (id.getQp() != null) {
      id.getQp().close();
    }
    id.close();
    Functions.DESTROY_EP.run(rawAddress);
    return 0;
  }

  @Override
  public IbvQP createQP(RdmaCmId id, IbvPd domain, IbvQPInitAttr attributes) throws IOException {
    long rawAddress = idAddress(id);
    FfmCq sendQueue = (FfmCq) attributes.getSend_cq();
    FfmCq receiveQueue = (FfmCq) attributes.getRecv_cq();
    IbvQPCap cap = attributes.cap();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment init = arena.allocate(QueueLayouts.InitAttributes.BYTES, Long.BYTES);
      init.set(ValueLayout.JAVA_LONG, QueueLayouts.InitAttributes.SEND_CQ, Handles.of(sendQueue));
      init.set(
          ValueLayout.JAVA_LONG, QueueLayouts.InitAttributes.RECV_CQ, Handles.of(receiveQueue));
      setInt(init, QueueLayouts.InitAttributes.MAX_SEND_WR, cap.getMax_send_wr());
      setInt(init, QueueLayouts.InitAttributes.MAX_RECV_WR, cap.getMax_recv_wr());
      setInt(init, QueueLayouts.InitAttributes.MAX_SEND_SGE, orDefault(cap.getMax_send_sge()));
      setInt(init, QueueLayouts.InitAttributes.MAX_RECV_SGE, orDefault(cap.getMax_recv_sge()));
      setInt(init, QueueLayouts.InitAttributes.MAX_INLINE_DATA, cap.getMax_inline_data());
      setInt(init, QueueLayouts.InitAttributes.QP_TYPE, attributes.getQp_type());
      setInt(init, QueueLayouts.InitAttributes.SQ_SIG_ALL, attributes.getSq_sig_all());
      Functions.CREATE_QP.check(rawAddress, Handles.of(domain), init.address());
      // The library answers with what it gave, which is at least what was asked for.
      cap.setMax_send_wr(getInt(init, QueueLayouts.InitAttributes.MAX_SEND_WR));
      cap.setMax_recv_wr(getInt(init, QueueLayouts.InitAttributes.MAX_RECV_WR));
      cap.setMax_send_sge(getInt(init, QueueLayouts.InitAttributes.MAX_SEND_SGE));
      cap.setMax_recv_sge(getInt(init, QueueLayouts.InitAttributes.MAX_RECV_SGE));
      cap.setMax_inline_data(getInt(init, QueueLayouts.InitAttributes.MAX_INLINE_DATA));
    }
    FfmCmId ours = (FfmCmId) id;
    FfmQp pair =
        new FfmQp(
            ours.queuePairAddress(), (FfmContext) id.getVerbs(), domain, sendQueue, receiveQueue);
    ours.attach(pair);
    return pair;
  }

  @Override
  public int destroyQP(RdmaCmId id) throws IOException {
    long rawAddress = idAddress(id);
    if (id.getQp() == null) {
      throw new VerbsException("the connection has no queue pair; create one first");
    }
    Handles.requireOpen("queue pair", id.getQp().isOpen());
    id.getQp().close();
    Functions.DESTROY_QP.run(rawAddress);
    return 0;
  }

  @Override
  public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Functions.BIND_ADDR.check(idAddress(id), SocketAddresses.write(address, arena).address());
    }
  }

  @Override
  public void listen(RdmaCmId id, int backlog) throws IOException {
    Functions.LISTEN.check(idAddress(id), backlog);
  }

  @Override
  public void resolveAddr(
      RdmaCmId id, SocketAddress source, SocketAddress destination, int timeoutMillis)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long from = source == null ? 0 : SocketAddresses.write(source, arena).address();
      long to = SocketAddresses.write(destination, arena).address();
      Functions.RESOLVE_ADDR.check(idAddress(id), from, to, timeoutMillis);
    }
  }

  @Override
  public void resolveRoute(RdmaCmId id, int timeoutMillis) throws IOException {
    Functions.RESOLVE_ROUTE.check(idAddress(id), timeoutMillis);
  }

  @Override
  public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
    withParameters(Functions.CONNECT, id, parameters);
  }

  @Override
  public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
    withParameters(Functions.ACCEPT, id, parameters);
  }

  @Override
  public int disconnect(RdmaCmId id) throws IOException {
    Functions.DISCONNECT.check(idAddress(id));
    return 0;
  }

  @Override
  public RdmaCmEvent getCmEvent(RdmaEventChannel channel, int timeoutMillis) throws IOException {
    long rawAddress = channelAddress(channel);
    Deadline deadline = Deadline.inMillis(timeoutMillis);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      while (Descriptors.awaitReadable(channel.getFd(), deadline)) {
        int result = Functions.GET_EVENT.number(rawAddress, out.address());
        if (result == 0) {
          return copied((FfmEventChannel) channel, out.get(ValueLayout.JAVA_LONG, 0));
        }
        if (result != -ErrorNumbers.EAGAIN && result != -ErrorNumbers.EINTR) {
          throw new VerbsException("rdma_get_cm_event", Math.abs(result));
        }
      }
      return null;
    }
  }

  /** Events are acknowledged when they are taken, so that nothing ever waits for that. */
  @Override
  public int ackCmEvent(RdmaCmEvent event) {
    return 0;
  }

  @Override
  public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
    return SocketAddresses.read(idAddress(id) + ManagerLayouts.Id.SRC_ADDR);
  }

  @Override
  public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
    return SocketAddresses.read(idAddress(id) + ManagerLayouts.Id.DST_ADDR);
  }

  private static FfmCmEvent copied(FfmEventChannel channel, long event) throws IOException {
    int kind = RawMemory.getInt(event + ManagerLayouts.Event.EVENT);
    int status = RawMemory.getInt(event + ManagerLayouts.Event.STATUS);
    long idAddress = RawMemory.getLong(event + ManagerLayouts.Event.ID);
    long listenerAddress = RawMemory.getLong(event + ManagerLayouts.Event.LISTEN_ID);
    RdmaCmEvent.EventType type = CmEvents.type(kind);
    byte[] data = NO_DATA;
    if (WITH_DATA.contains(type)) {
      long connection = event + ManagerLayouts.Event.PARAM;
      long dataAddress =
          RawMemory.getLong(connection + ManagerLayouts.ConnectionParameters.PRIVATE_DATA);
      int dataBytes =
          RawMemory.getByte(connection + ManagerLayouts.ConnectionParameters.PRIVATE_DATA_LEN)
              & 0xff;
      if (dataAddress != 0) {
        data = RawMemory.getBytes(dataAddress, dataBytes);
      }
    }
    FfmCmId listener = channel.find(listenerAddress);
    FfmCmId id = channel.find(idAddress);
    if (type == RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST) {
      id = new FfmCmId(idAddress, channel, RDMA_PS_TCP);
      channel.add(id);
    }
    Functions.ACK_EVENT.check(event);
    return new FfmCmEvent(kind, status, listener, id, data);
  }

  private static void withParameters(NativeFunction function, RdmaCmId id, RdmaConnParam parameters)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ManagerLayouts.ConnectionParameters.BYTES, Long.BYTES);
      out.set(
          ValueLayout.JAVA_LONG,
          ManagerLayouts.ConnectionParameters.PRIVATE_DATA,
          parameters.getPrivate_data());
      setByte(
          out,
          ManagerLayouts.ConnectionParameters.PRIVATE_DATA_LEN,
          parameters.getPrivate_data_len());
      setByte(out, ManagerLayouts.ConnectionParameters.RESPONDER_RESOURCES, AS_MANY_AS_POSSIBLE);
      setByte(out, ManagerLayouts.ConnectionParameters.INITIATOR_DEPTH, AS_MANY_AS_POSSIBLE);
      setByte(out, ManagerLayouts.ConnectionParameters.RETRY_COUNT, parameters.getRetry_count());
      setByte(
          out,
          ManagerLayouts.ConnectionParameters.RNR_RETRY_COUNT,
          parameters.getRnr_retry_count());
      function.check(idAddress(id), out.address());
    }
  }

  private static int orDefault(int entries) {
    return entries > 0 ? entries : DEFAULT_ENTRIES;
  }

  private static long channelAddress(RdmaEventChannel channel) throws VerbsException {
    Handles.requireOpen("event channel", channel.isOpen());
    return ((FfmEventChannel) channel).getObjId();
  }

  private static long idAddress(RdmaCmId id) throws VerbsException {
    Handles.requireOpen("connection", id.isOpen());
    return ((FfmCmId) id).getObjId();
  }

  private static void setInt(MemorySegment memory, long offset, int value) {
    memory.set(ValueLayout.JAVA_INT, offset, value);
  }

  private static int getInt(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_INT, offset);
  }

  private static void setByte(MemorySegment memory, long offset, byte value) {
    memory.set(ValueLayout.JAVA_BYTE, offset, value);
  }

  /** Looked up on first use. */
  private static final class Functions {
    static final NativeFunction CREATE_EVENT_CHANNEL =
        Libraries.manager("rdma_create_event_channel");
    static final NativeFunction DESTROY_EVENT_CHANNEL =
        Libraries.manager("rdma_destroy_event_channel");
    static final NativeFunction CREATE_ID = Libraries.manager("rdma_create_id");
    static final NativeFunction DESTROY_ID = Libraries.manager("rdma_destroy_id");
    static final NativeFunction DESTROY_EP = Libraries.manager("rdma_destroy_ep");
    static final NativeFunction CREATE_QP = Libraries.manager("rdma_create_qp");
    static final NativeFunction DESTROY_QP = Libraries.manager("rdma_destroy_qp");
    static final NativeFunction BIND_ADDR = Libraries.manager("rdma_bind_addr");
    static final NativeFunction LISTEN = Libraries.manager("rdma_listen");
    static final NativeFunction RESOLVE_ADDR = Libraries.manager("rdma_resolve_addr");
    static final NativeFunction RESOLVE_ROUTE = Libraries.manager("rdma_resolve_route");
    static final NativeFunction CONNECT = Libraries.manager("rdma_connect");
    static final NativeFunction ACCEPT = Libraries.manager("rdma_accept");
    static final NativeFunction DISCONNECT = Libraries.manager("rdma_disconnect");
    static final NativeFunction GET_EVENT = Libraries.manager("rdma_get_cm_event");
    static final NativeFunction ACK_EVENT = Libraries.manager("rdma_ack_cm_event");
  }
}
