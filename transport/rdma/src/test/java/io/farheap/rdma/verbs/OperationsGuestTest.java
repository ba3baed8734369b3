package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations over a real device, whose every byte is checked. */
@Timeout(120)
class OperationsGuestTest {
  private static final int SIGNALED = IbvSendWR.IBV_SEND_SIGNALED;
  private static final int BYTES = 1 << 16;
  private static final int EVENT_MILLIS = 20_000;

  private Connection connection;
  private Endpoint client;
  private MemorySegment near;
  private MemorySegment far;
  private MemoryRegion nearRegion;
  private MemoryRegion farRegion;

  @BeforeAll
  static void requireDevice() {
    Guest.requireDevice();
  }

  @BeforeEach
  void connect() throws IOException {
    connection = new Connection();
    client = connection.client;
    near = client.memory(BYTES);
    far = connection.server.memory(BYTES);
    nearRegion = client.register(near, IbvMr.IBV_ACCESS_LOCAL_WRITE);
    farRegion = connection.server.register(far, Endpoint.ALL_RIGHTS);
  }

  @AfterEach
  void close() throws IOException {
    connection.close();
  }

  @Test
  void writesAndReads() throws IOException {
    fill(near, 1);
    client.sends.write(
        1, SIGNALED, near.address(), BYTES, nearRegion.lkey(), far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertEquals(-1, near.mismatch(far));

    fill(far, 2);
    client.sends.read(
        2,
        SIGNALED,
        near.address() + 100,
        5000,
        nearRegion.lkey(),
        far.address() + 77,
        farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(2));
    assertEquals(-1, near.asSlice(100, 5000).mismatch(far.asSlice(77, 5000)));
  }

  @Test
  void inlineWriteIsCopiedWhenItIsAdded() throws IOException {
    byte[] bytes = new byte[Endpoint.INLINE_BYTES];
    new Random(3).nextBytes(bytes);
    byte[] expected = bytes.clone();
    client.sends.writeInline(
        1,
        SIGNALED,
        MemorySegment.ofArray(bytes),
        0,
        bytes.length,
        far.address() + 8,
        farRegion.rkey());
    bytes[0]++;
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertArrayEquals(expected, far.asSlice(8, bytes.length).toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void sixteenReadsGoWithOneDoorbellAndOneSignal() throws IOException {
    fill(far, 4);
    for (int i = 0; i < 16; i++) {
      int from = (15 - i) * 4096;
      client.sends.read(
          i,
          i == 15 ? SIGNALED : 0,
          near.address() + i * 4096L,
          4096,
          nearRegion.lkey(),
          far.address() + from,
          farRegion.rkey());
    }
    assertEquals(16, client.sends.post());
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(15));
    for (int i = 0; i < 16; i++) {
      assertEquals(-1, near.asSlice(i * 4096L, 4096).mismatch(far.asSlice((15 - i) * 4096L, 4096)));
    }
    assertEquals(0, client.completions.poll());
  }

  @Test
  void wordsAreSwappedAndAdded() throws IOException {
    setLong(far, 64, 10);
    client.sends.compareAndSwap(
        1,
        SIGNALED,
        near.address(),
        nearRegion.lkey(),
        far.address() + 64,
        farRegion.rkey(),
        10,
        Long.MIN_VALUE + 5);
    client.sends.compareAndSwap(
        2,
        SIGNALED,
        near.address() + 8,
        nearRegion.lkey(),
        far.address() + 64,
        farRegion.rkey(),
        10,
        99);
    client.sends.fetchAndAdd(
        3,
        SIGNALED,
        near.address() + 16,
        nearRegion.lkey(),
        far.address() + 64,
        farRegion.rkey(),
        -7);
    client.sends.post();
    for (int i = 1; i <= 3; i++) {
      assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(i));
    }
    assertEquals(10, getLong(near, 0));
    assertEquals(Long.MIN_VALUE + 5, getLong(near, 8));
    assertEquals(Long.MIN_VALUE + 5, getLong(near, 16));
    assertEquals(Long.MIN_VALUE - 2, getLong(far, 64));
  }

  @Test
  void disniCallsAreReused() throws IOException {
    IbvSendWR read =
        Requests.send(
            1,
            IbvSendWR.IBV_WR_RDMA_READ,
            SIGNALED,
            Requests.entry(near.address(), 64, nearRegion.lkey()));
    read.getRdma().setRemote_addr(far.address());
    read.getRdma().setRkey(farRegion.rkey());
    SVCPostSend post = client.pair.postSend(List.of(read), null);
    IbvWC[] found = {new IbvWC()};
    SVCPollCq poll = client.queue.poll(found, 1);
    fill(far, 5);
    for (int i = 0; i < 20; i++) {
      post.getWrMod(0).setWr_id(i);
      post.getWrMod(0).getRdmaMod().setRemote_addr(far.address() + i * 64L);
      post.getWrMod(0).getSgeMod(0).setAddr(near.address() + i * 128L);
      post.execute();
      awaitPoll(poll);
      assertEquals(i, found[0].getWr_id());
      assertEquals(0, found[0].getStatus());
      assertEquals(client.pair.getQp_num(), found[0].getQp_num());
      assertEquals(-1, near.asSlice(i * 128L, 64).mismatch(far.asSlice(i * 64L, 64)));
    }
    post.free();
    poll.free();
  }

  @Test
  void disniAtomicsWork() throws IOException {
    setLong(far, 0, 41);
    IbvSendWR add =
        Requests.send(
            1,
            IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD,
            SIGNALED,
            Requests.entry(near.address(), 8, nearRegion.lkey()));
    add.getAtomic().setRemote_addr(far.address());
    add.getAtomic().setRkey(farRegion.rkey());
    add.getAtomic().setCompare_add(1);
    SVCPostSend post = client.pair.postSend(List.of(add), null).execute();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertEquals(41, getLong(near, 0));
    assertEquals(42, getLong(far, 0));
    assertInstanceOf(AtomicMod.class, post.getWrMod(0)).setCompare_add(100);
    post.execute();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertEquals(142, getLong(far, 0));
  }

  @Test
  void sendMeetsReceive() throws IOException {
    Endpoint server = connection.server;
    server
        .pair
        .postRecv(
            List.of(
                Requests.receive(9, Requests.entry(far.address(), 256, farRegion.lkey())),
                Requests.receive(10, Requests.entry(far.address() + 256, 256, farRegion.lkey()))),
            null)
        .execute();
    fill(near, 6);
    client.sends.send(1, SIGNALED, near.address(), 200, nearRegion.lkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertEquals(CompletionBatch.SUCCESS, server.awaitStatus(9));
    assertEquals(-1, near.asSlice(0, 200).mismatch(far.asSlice(0, 200)));
  }

  @Test
  void disniRegionsOfBuffersWork() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
    IbvMr region =
        client.domain.regMr(buffer, IbvMr.IBV_ACCESS_LOCAL_WRITE).execute().free().getMr();
    assertEquals(8192, region.getLength());
    assertEquals(MemorySegment.ofBuffer(buffer).address(), region.getAddr());
    fill(far, 7);
    client.sends.read(
        1, SIGNALED, region.getAddr(), 8192, region.getLkey(), far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    assertEquals(-1, MemorySegment.ofBuffer(buffer).mismatch(far.asSlice(0, 8192)));
    region.deregMr().execute().free();
    assertFalse(region.isOpen());
  }

  @Test
  void channelTellsOfCompletions() throws IOException {
    assertFalse(client.channel.getCqEvent(client.queue, 0));
    assertFalse(client.channel.getCqEvent(client.queue, 20));
    for (int round = 1; round <= 3; round++) {
      client.completions.requestNotification();
      client.sends.read(
          round, SIGNALED, near.address(), 64, nearRegion.lkey(), far.address(), farRegion.rkey());
      client.sends.post();
      assertTrue(client.channel.getCqEvent(client.queue, EVENT_MILLIS));
      assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(round));
      if (round == 1) {
        // The other two are acknowledged when the queue is destroyed, which would hang otherwise.
        client.queue.ackEvents(1);
        client.queue.ackEvents(1);
      }
    }
    assertFalse(client.channel.getCqEvent(client.queue, 0));
  }

  @Test
  void aThousandOperationsAreRight() throws IOException {
    long seed = 20_250_101;
    Random random = new Random(seed);
    byte[] model = new byte[BYTES];
    for (int i = 0; i < 1000; i++) {
      int length = 1 + random.nextInt(6000);
      int at = random.nextInt(BYTES - length);
      int kind = random.nextInt(4);
      String what = "seed " + seed + ", operation " + i + ", kind " + kind;
      switch (kind) {
        case 0 -> {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          MemorySegment.copy(bytes, 0, near, ValueLayout.JAVA_BYTE, 0, length);
          System.arraycopy(bytes, 0, model, at, length);
          client.sends.write(
              i,
              SIGNALED,
              near.address(),
              length,
              nearRegion.lkey(),
              far.address() + at,
              farRegion.rkey());
        }
        case 1 -> {
          byte[] bytes = new byte[Math.min(length, Endpoint.INLINE_BYTES)];
          random.nextBytes(bytes);
          System.arraycopy(bytes, 0, model, at, bytes.length);
          client.sends.writeInline(
              i,
              SIGNALED,
              MemorySegment.ofArray(bytes),
              0,
              bytes.length,
              far.address() + at,
              farRegion.rkey());
        }
        case 2 -> {
          int word = at & -8;
          MemorySegment words = MemorySegment.ofArray(model);
          long before = words.get(ValueLayout.JAVA_LONG_UNALIGNED, word);
          words.set(ValueLayout.JAVA_LONG_UNALIGNED, word, before + i);
          client.sends.fetchAndAdd(
              i,
              SIGNALED,
              near.address(),
              nearRegion.lkey(),
              far.address() + word,
              farRegion.rkey(),
              i);
        }
        default ->
            client.sends.read(
                i,
                SIGNALED,
                near.address(),
                length,
                nearRegion.lkey(),
                far.address() + at,
                farRegion.rkey());
      }
      client.sends.post();
      assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(i), what);
      if (kind == 3) {
        byte[] expected = new byte[length];
        System.arraycopy(model, at, expected, 0, length);
        assertArrayEquals(expected, near.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), what);
      }
    }
    assertArrayEquals(model, far.toArray(ValueLayout.JAVA_BYTE), "seed " + seed);
  }

  @Test
  void overfullQueueRefusesTheRest() throws IOException {
    List<IbvSendWR> requests = new ArrayList<>();
    for (int i = 0; i < 4096; i++) {
      requests.add(
          Requests.send(
              i, IbvSendWR.IBV_WR_SEND, 0, Requests.entry(near.address(), 1, nearRegion.lkey())));
    }
    List<IbvSendWR> refused = new ArrayList<>();
    SVCPostSend post = client.pair.postSend(requests, refused);
    try {
      post.execute();
      throw new AssertionError("4096 requests fit into a queue of " + Endpoint.DEPTH);
    } catch (VerbsException e) {
      assertTrue(e.posted() >= Endpoint.DEPTH && e.posted() < 4096, e.getMessage());
      assertEquals(4096 - e.posted(), refused.size());
      assertTrue(e.errorNumber() > 0, e.getMessage());
    }
  }

  private static void awaitPoll(SVCPollCq poll) throws IOException {
    long deadlineNanos = Guest.soon();
    while (poll.execute().getPolls() == 0) {
      assertTrue(System.nanoTime() < deadlineNanos, "no completion");
      Thread.onSpinWait();
    }
  }

  private static void fill(MemorySegment memory, long seed) {
    byte[] bytes = new byte[(int) memory.byteSize()];
    new Random(seed).nextBytes(bytes);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  private static void setLong(MemorySegment memory, long offset, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset, value);
  }

  private static long getLong(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_LONG, offset);
  }
}
