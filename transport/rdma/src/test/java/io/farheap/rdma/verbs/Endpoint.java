package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One end of a connection in tests: its queue pair with a queue and a channel of its own. */
final class Endpoint implements AutoCloseable {
  static final int INLINE_BYTES = 64;
  static final int DEPTH = 64;
  static final int ALL_RIGHTS =
      IbvMr.IBV_ACCESS_LOCAL_WRITE
          | IbvMr.IBV_ACCESS_REMOTE_WRITE
          | IbvMr.IBV_ACCESS_REMOTE_READ
          | IbvMr.IBV_ACCESS_REMOTE_ATOMIC
          | IbvMr.IBV_ACCESS_MW_BIND;

  final RdmaCmId id;
  final IbvContext context;
  final IbvPd domain;
  final IbvCompChannel channel;
  final IbvCQ queue;
  final IbvQP pair;
  final SendBatch sends;
  final CompletionBatch completions;
  private final CompletionBatch one;
  private final Arena arena = Arena.ofShared();
  private final List<MemoryRegion> regions = new ArrayList<>();

  Endpoint(RdmaCmId id) throws IOException {
    this.id = id;
    this.context = id.getVerbs();
    this.domain = context.allocPd();
    this.channel = context.createCompChannel();
    this.queue = context.createCQ(channel, 2 * DEPTH, 0);
    IbvQPInitAttr attributes = new IbvQPInitAttr();
    attributes.setQp_type(IbvQP.IBV_QPT_RC);
    attributes.setSend_cq(queue);
    attributes.setRecv_cq(queue);
    attributes.cap().setMax_send_wr(DEPTH);
    attributes.cap().setMax_recv_wr(DEPTH);
    attributes.cap().setMax_send_sge(1);
    attributes.cap().setMax_recv_sge(1);
    attributes.cap().setMax_inline_data(INLINE_BYTES);
    this.pair = id.createQP(domain, attributes);
    assertTrue(attributes.cap().getMax_inline_data() >= INLINE_BYTES);
    assertTrue(attributes.cap().getMax_send_wr() >= DEPTH);
    this.sends = new SendBatch(pair, DEPTH, INLINE_BYTES);
    this.completions = new CompletionBatch(queue, DEPTH);
    this.one = new CompletionBatch(queue, 1);
  }

  /** Seven retries would be retries without an end on soft-RoCE. */
  static RdmaConnParam parameters() throws IOException {
    RdmaConnParam parameters = new RdmaConnParam();
    parameters.setRetry_count((byte) 6);
    parameters.setRnr_retry_count((byte) 7);
    return parameters;
  }

  MemorySegment memory(long bytes) {
    return arena.allocate(bytes, 4096);
  }

  MemoryRegion register(MemorySegment memory, int accessFlags) throws IOException {
    MemoryRegion region = MemoryRegions.register(domain, memory, accessFlags);
    regions.add(region);
    return region;
  }

  /** Spins until a completion is there, which must be the next one's; its status. */
  int awaitStatus(long workRequestId) throws IOException {
    long deadlineNanos = Guest.soon();
    while (one.poll() == 0) {
      assertTrue(System.nanoTime() < deadlineNanos, "no completion of " + workRequestId);
      Thread.onSpinWait();
    }
    if (one.workRequestId(0) != workRequestId) {
      throw new AssertionError(
          "completion of " + one.workRequestId(0) + " instead of " + workRequestId);
    }
    return one.status(0);
  }

  @Override
  public void close() throws IOException {
    if (pair.isOpen()) {
      id.destroyQP();
    }
    queue.destroyCQ();
    channel.destroyCompChannel();
    for (MemoryRegion region : regions) {
      region.close();
    }
    try {
      domain.deallocPd();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    id.destroyId();
    arena.close();
  }
}
