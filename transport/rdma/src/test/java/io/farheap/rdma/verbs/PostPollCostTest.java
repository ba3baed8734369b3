package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a post, a poll and a notification allocate, which must be nothing, and what they take. */
class PostPollCostTest {
  private static final int ROUNDS = 50;
  private static final int CALLS = 20_000;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private StubDevice device;

  @BeforeEach
  void open() throws IOException {
    device = new StubDevice();
    device.polls.give(device.zeroed(RequestLayouts.Completion.BYTES));
    device.polls.answer(1);
  }

  @Test
  void preparedCallsAllocateNothing() throws IOException {
    SVCPostSend post =
        device.pair.postSend(
            List.of(Requests.send(1, IbvSendWR.IBV_WR_RDMA_READ, 2, Requests.entry(1, 256, 1))),
            null);
    SVCPostSend.SendWRMod request = post.getWrMod(0);
    measure(
        "DiSNI's post, changed before",
        i -> {
          request.setWr_id(i);
          request.getRdmaMod().setRemote_addr(i);
          request.getSgeMod(0).setAddr(i);
          post.execute();
        });
    SVCPollCq poll = device.queue.poll(new IbvWC[] {new IbvWC()}, 1);
    measure("DiSNI's poll of one", i -> poll.execute());
    SVCReqNotify notify = device.queue.reqNotification(false);
    measure("DiSNI's notification", i -> notify.execute());
  }

  @Test
  void batchesAllocateNothing() throws IOException {
    SendBatch one = new SendBatch(device.pair, 1, 0);
    measure(
        "batch of one READ",
        i -> {
          one.read(i, 2, i, 256, 1, i, 1);
          one.post();
        });
    SendBatch sixteen = new SendBatch(device.pair, 16, 0);
    measure(
        "batch of 16 READs",
        i -> {
          for (int k = 0; k < 16; k++) {
            sixteen.read(i, 2, i, 256, 1, i, 1);
          }
          sixteen.post();
        });
    CompletionBatch completions = new CompletionBatch(device.queue, 16);
    measure(
        "batch poll of one",
        i -> {
          completions.poll();
          sum += completions.workRequestId(0) + completions.status(0);
        });
  }

  private long sum;

  private void measure(String what, Operation operation) throws IOException {
    double best = Double.MAX_VALUE;
    long bytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        operation.run(i);
      }
      best = Math.min(best, (double) (System.nanoTime() - start) / CALLS);
      bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - bytesBefore);
    }
    System.out.printf("%s: %.1f ns%n", what, best);
    assertEquals(0, bytes, what + " allocated in " + CALLS + " calls");
  }

  /** One call. */
  private interface Operation {
    void run(int index) throws IOException;
  }
}
