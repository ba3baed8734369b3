package io.farheap.rdma.fabric;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.farheap.rdma.verbs.CmEvents;
import io.farheap.rdma.verbs.CmOptions;
import io.farheap.rdma.verbs.Devices;
import io.farheap.transport.TransportTimeoutException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects queue pairs by the verbs: address, route, connection, each with what is left of time.
 */
final class VerbsConnector {
  private static final Logger LOG = LoggerFactory.getLogger(VerbsConnector.class);
  private static final int MAX_DEPTH = 256;
  private static final int INLINE_BYTES = 128;

  /** Room for what is reported of a queue pair, and something over. */
  private static final int SPARE_COMPLETIONS = 8;

  /** 4.096 µs times 2 to this power: 134 ms. */
  private static final int ACK_TIMEOUT_EXPONENT = 15;

  /** The most that there is; 7 means without end for receivers that are not ready. */
  static final byte RETRIES = 7;

  private VerbsConnector() {}

  static QueuePair connect(
      VerbsFabric fabric, InetSocketAddress server, byte[] secret, long deadlineNanos) {
    Parts parts = new Parts();
    boolean connected = false;
    try {
      parts.events = RdmaEventChannel.createEventChannel();
      parts.id = parts.events.createId(RdmaCm.RDMA_PS_TCP);
      parts.id.resolveAddr(null, server, leftMillis(deadlineNanos));
      CmEvents.expect(parts.events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED, deadlineNanos);
      shortenAckTimeout(parts.id);
      parts.id.resolveRoute(leftMillis(deadlineNanos));
      CmEvents.expect(parts.events, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, deadlineNanos);
      VerbsQueuePair pair = create(fabric.domain(parts.id.getVerbs()), parts);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, secret);
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count(RETRIES);
        parameters.setRnr_retry_count(RETRIES);
        parameters.setPrivate_data(data.address());
        parameters.setPrivate_data_len((byte) secret.length);
        parts.id.connect(parameters);
      }
      CmEvents.expect(parts.events, EventType.RDMA_CM_EVENT_ESTABLISHED, deadlineNanos);
      connected = true;
      return pair;
    } catch (IOException e) {
      throw VerbsFabric.failure("cannot connect to " + server, e);
    } finally {
      if (!connected) {
        parts.destroy();
      }
    }
  }

  /** With its retries a request to a peer that is gone fails after a second, not half a minute. */
  private static void shortenAckTimeout(RdmaCmId id) {
    try {
      CmOptions.ackTimeout(id, ACK_TIMEOUT_EXPONENT);
    } catch (IOException e) {
      LOG.info("the system's own timeout for acknowledgements stays: {}", e.getMessage());
    }
  }

  private static VerbsQueuePair create(VerbsDomain domain, Parts parts) throws IOException {
    IbvContext device = parts.id.getVerbs();
    int depth = Math.min(MAX_DEPTH, Devices.attributes(device).maxQueuePairRequests());
    parts.channel = device.createCompChannel();
    parts.completions = device.createCQ(parts.channel, depth + SPARE_COMPLETIONS, 0);
    IbvQPInitAttr attributes = attributes(parts.completions, depth, INLINE_BYTES);
    try {
      parts.pair = parts.id.createQP(domain.verbs(), attributes);
    } catch (IOException e) {
      // Devices differ in what they copy into a request; some copy nothing.
      attributes = attributes(parts.completions, depth, 0);
      parts.pair = parts.id.createQP(domain.verbs(), attributes);
    }
    int inlineBytes = Math.min(INLINE_BYTES, attributes.cap().getMax_inline_data());
    return new VerbsQueuePair(domain, parts, depth, inlineBytes);
  }

  static IbvQPInitAttr attributes(IbvCQ completions, int depth, int inlineBytes) {
    IbvQPInitAttr attributes = new IbvQPInitAttr();
    attributes.setQp_type(IbvQP.IBV_QPT_RC);
    attributes.setSend_cq(completions);
    attributes.setRecv_cq(completions);
    attributes.cap().setMax_send_wr(depth);
    attributes.cap().setMax_send_sge(1);
    attributes.cap().setMax_recv_wr(1);
    attributes.cap().setMax_recv_sge(1);
    attributes.cap().setMax_inline_data(inlineBytes);
    return attributes;
  }

  private static int leftMillis(long deadlineNanos) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (left <= 0) {
      throw new TransportTimeoutException("the RDMA connection was not made in time");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  /** What a queue pair is made of; null where there is nothing yet. */
  static final class Parts {
    RdmaEventChannel events;
    RdmaCmId id;
    IbvCompChannel channel;
    IbvCQ completions;
    IbvQP pair;

    /** Gives everything back, the queue pair first. */
    void destroy() {
      Quietly.run(pair == null ? null : id::destroyQP);
      Quietly.run(completions == null ? null : completions::destroyCQ);
      Quietly.run(channel == null ? null : channel::destroyCompChannel);
      Quietly.run(id == null ? null : id::destroyId);
      Quietly.run(events == null ? null : events::destroyEventChannel);
    }
  }
}
