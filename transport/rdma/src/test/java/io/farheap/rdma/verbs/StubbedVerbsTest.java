package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arrives at a device's functions, field by field. */
class StubbedVerbsTest {
  private static final int ENOMEM = 12;

  private StubDevice device;

  @BeforeEach
  void open() throws IOException {
    device = new StubDevice();
  }

  @Test
  void preparedPostCarriesEveryField() throws IOException {
    IbvSendWR read = request(7, IbvSendWR.IBV_WR_RDMA_READ, 2, 0x1000, 64, 5);
    read.getRdma().setRemote_addr(0x7000_0000_1234L);
    read.getRdma().setRkey(-9);
    IbvSendWR write = request(8, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, 0, 0x2000, 128, 6);
    write.setImm_data(0x01020304);
    SVCPostSend post = device.pair.postSend(List.of(read, write), null).execute();

    assertEquals(1, device.postedSends.calls());
    assertEquals(device.pair.getObjId(), device.postedSends.first());
    long first = device.postedSends.second();
    assertRequest(first, 7, IbvSendWR.IBV_WR_RDMA_READ, 2, 1);
    assertEntry(first, 0x1000, 64, 5);
    assertEquals(0x7000_0000_1234L, getLong(first, RequestLayouts.Send.RDMA_REMOTE_ADDR));
    assertEquals(-9, getInt(first, RequestLayouts.Send.RDMA_RKEY));
    long second = getLong(first, RequestLayouts.Send.NEXT);
    assertRequest(second, 8, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, 0, 1);
    assertEntry(second, 0x2000, 128, 6);
    assertEquals(0x01020304, getInt(second, RequestLayouts.Send.IMM_DATA));
    assertEquals(0, getLong(second, RequestLayouts.Send.NEXT));

    SVCPostSend.SendWRMod changed = post.getWrMod(1);
    changed.setWr_id(99);
    changed.setSend_flags(4);
    changed.getRdmaMod().setRemote_addr(0x55);
    changed.getRdmaMod().setRkey(66);
    changed.getSgeMod(0).setAddr(0x3000);
    changed.getSgeMod(0).setLength(77);
    changed.getSgeMod(0).setLkey(88);
    post.execute();
    assertRequest(second, 99, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, 4, 1);
    assertEntry(second, 0x3000, 77, 88);
    assertEquals(0x55, getLong(second, RequestLayouts.Send.RDMA_REMOTE_ADDR));
    assertEquals(66, getInt(second, RequestLayouts.Send.RDMA_RKEY));
    assertEquals(99, changed.getWr_id());
    assertEquals(4, changed.getSend_flags());
    assertEquals(1, changed.getNum_sge());
    assertEquals(0x55, changed.getRdmaMod().getRemote_addr());
    assertEquals(66, changed.getRdmaMod().getRkey());
    assertEquals(0x3000, changed.getSgeMod(0).getAddr());
    assertEquals(77, changed.getSgeMod(0).getLength());
    assertEquals(88, changed.getSgeMod(0).getLkey());
  }

  @Test
  void preparedPostCarriesSeveralEntriesEach() throws IOException {
    IbvSendWR two =
        Requests.send(
            1, IbvSendWR.IBV_WR_SEND, 0, Requests.entry(0x10, 1, 1), Requests.entry(0x20, 2, 2));
    IbvSendWR none = Requests.send(2, IbvSendWR.IBV_WR_SEND, 0);
    IbvSendWR one = request(3, IbvSendWR.IBV_WR_SEND, 0, 0x30, 3, 3);
    device.pair.postSend(List.of(two, none, one), null).execute();

    long first = device.postedSends.second();
    assertEquals(2, getInt(first, RequestLayouts.Send.NUM_SGE));
    assertEntry(first, 0x10, 1, 1);
    long entry = getLong(first, RequestLayouts.Send.SG_LIST) + RequestLayouts.ScatterEntry.BYTES;
    assertEquals(0x20, getLong(entry, RequestLayouts.ScatterEntry.ADDR));
    long second = getLong(first, RequestLayouts.Send.NEXT);
    assertEquals(0, getInt(second, RequestLayouts.Send.NUM_SGE));
    assertEquals(0, getLong(second, RequestLayouts.Send.SG_LIST));
    assertEntry(getLong(second, RequestLayouts.Send.NEXT), 0x30, 3, 3);
  }

  @Test
  void preparedAtomicsCarryTheirOwnFields() throws IOException {
    IbvSendWR swap = request(1, IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, 2, 0x1000, 8, 5);
    swap.getAtomic().setRemote_addr(0x4000);
    swap.getAtomic().setCompare_add(-1);
    swap.getAtomic().setSwap(-2);
    swap.getAtomic().setRkey(44);
    IbvSendWR read = request(2, IbvSendWR.IBV_WR_RDMA_READ, 2, 0x1000, 8, 5);
    SVCPostSend post = device.pair.postSend(List.of(swap, read), null).execute();

    long request = device.postedSends.second();
    assertAtomic(request, 0x4000, -1, -2, 44);
    AtomicMod mod = assertInstanceOf(AtomicMod.class, post.getWrMod(0));
    mod.setRemote_addr(0x5000);
    mod.setCompare_add(3);
    mod.setSwap(4);
    mod.setRkey(5);
    assertAtomic(request, 0x5000, 3, 4, 5);
    AtomicMod wrong = assertInstanceOf(AtomicMod.class, post.getWrMod(1));
    assertThrows(IllegalStateException.class, () -> wrong.setCompare_add(1));
  }

  @Test
  void refusedPostSaysWhereItStopped() throws IOException {
    List<IbvSendWR> requests =
        List.of(
            request(1, IbvSendWR.IBV_WR_SEND, 0, 0x10, 1, 1),
            request(2, IbvSendWR.IBV_WR_SEND, 0, 0x10, 1, 1),
            request(3, IbvSendWR.IBV_WR_SEND, 0, 0x10, 1, 1));
    List<IbvSendWR> refused = new ArrayList<>();
    SVCPostSend post = device.pair.postSend(requests, refused).execute();
    device.postedSends.firstBad(device.postedSends.second() + 2L * RequestLayouts.Send.BYTES);
    device.postedSends.answer(ENOMEM);
    VerbsException e = assertThrows(VerbsException.class, post::execute);
    assertEquals(ENOMEM, e.errorNumber());
    assertEquals(2, e.posted());
    assertTrue(e.getMessage().contains("2 of 3"), e.getMessage());
    assertEquals(1, refused.size());
    assertSame(requests.get(2), refused.get(0));
  }

  @Test
  void receivesCarryEveryField() throws IOException {
    IbvRecvWR one = Requests.receive(21, Requests.entry(0x100, 10, 1));
    IbvRecvWR two = Requests.receive(22, Requests.entry(0x200, 20, 2));
    SVCPostRecv post = device.pair.postRecv(List.of(one, two), null).execute();

    assertEquals(device.pair.getObjId(), device.postedReceives.first());
    long first = device.postedReceives.second();
    assertEquals(21, getLong(first, RequestLayouts.Receive.WR_ID));
    assertEquals(1, getInt(first, RequestLayouts.Receive.NUM_SGE));
    long second = getLong(first, RequestLayouts.Receive.NEXT);
    assertEquals(22, getLong(second, RequestLayouts.Receive.WR_ID));
    assertEquals(0, getLong(second, RequestLayouts.Receive.NEXT));
    long entry = getLong(second, RequestLayouts.Receive.SG_LIST);
    assertEquals(0x200, getLong(entry, RequestLayouts.ScatterEntry.ADDR));
    assertEquals(20, getInt(entry, RequestLayouts.ScatterEntry.LENGTH));
    assertEquals(2, getInt(entry, RequestLayouts.ScatterEntry.LKEY));
    assertEquals(22, post.getWrMod(1).getWr_id());
  }

  @Test
  void completionsAreReadInFull() throws IOException {
    device.polls.give(completions());
    device.polls.answer(2);
    IbvWC[] found = {new IbvWC(), new IbvWC(), new IbvWC()};
    SVCPollCq poll = device.queue.poll(found, 3).execute();

    assertEquals(device.queue.getObjId(), device.polls.first());
    assertEquals(3, (int) device.polls.second());
    assertEquals(2, poll.getPolls());
    assertEquals(71, found[0].getWr_id());
    assertEquals(0, found[0].getStatus());
    assertEquals(2, found[0].getOpcode());
    assertEquals(4096, found[0].getByte_len());
    assertEquals(StubDevice.QUEUE_PAIR_NUMBER, found[0].getQp_num());
    assertEquals(72, found[1].getWr_id());
    assertEquals(10, found[1].getStatus());
    assertEquals(0x88, found[1].getVendor_err());

    CompletionBatch batch = new CompletionBatch(device.queue, 4);
    assertEquals(2, batch.poll());
    assertEquals(4, (int) device.polls.second());
    assertEquals(71, batch.workRequestId(0));
    assertEquals(CompletionBatch.SUCCESS, batch.status(0));
    assertEquals(2, batch.opcode(0));
    assertEquals(4096, batch.lengthBytes(0));
    assertEquals(StubDevice.QUEUE_PAIR_NUMBER, batch.queuePair(0));
    assertEquals(72, batch.workRequestId(1));
    assertEquals(CompletionBatch.REMOTE_ACCESS, batch.status(1));
    assertEquals(0x88, batch.vendorError(1));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.status(2));
    device.polls.answer(0);
    assertEquals(0, batch.poll());
    device.polls.answer(-1);
    assertThrows(VerbsException.class, batch::poll);
    assertThrows(VerbsException.class, poll::execute);
  }

  @Test
  void notificationsAreAskedFor() throws IOException {
    device.queue.reqNotification(true).execute();
    assertEquals(device.queue.getObjId(), device.notifications.first());
    assertEquals(1, (int) device.notifications.second());
    new CompletionBatch(device.queue, 1).requestNotification();
    assertEquals(0, (int) device.notifications.second());
    assertEquals(2, device.notifications.calls());
  }

  @Test
  void batchCarriesEveryFieldOfEveryKind() throws IOException {
    SendBatch batch = new SendBatch(device.pair, 8, 16);
    batch.read(1, 2, 0x1000, 10, 11, 0x2000, 12);
    batch.write(2, 1, 0x1001, 20, 21, 0x2001, 22);
    byte[] bytes = {1, 2, 3, 4, 5};
    batch.writeInline(3, 2, MemorySegment.ofArray(bytes), 1, 3, 0x2002, 33);
    batch.compareAndSwap(4, 2, 0x1003, 41, 0x2003, 42, 43, 44);
    batch.fetchAndAdd(5, 2, 0x1004, 51, 0x2004, 52, -53);
    batch.send(6, 2, 0x1005, 60, 61);
    batch.invalidate(7, 0, 0x77);
    assertEquals(7, batch.size());
    assertEquals(7, batch.post());
    assertEquals(0, batch.size());
    assertEquals(0, batch.post());
    assertEquals(1, device.postedSends.calls());

    long request = device.postedSends.second();
    assertRequest(request, 1, IbvSendWR.IBV_WR_RDMA_READ, 2, 1);
    assertEntry(request, 0x1000, 10, 11);
    assertRemote(request, 0x2000, 12);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 2, IbvSendWR.IBV_WR_RDMA_WRITE, 1, 1);
    assertEntry(request, 0x1001, 20, 21);
    assertRemote(request, 0x2001, 22);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 3, IbvSendWR.IBV_WR_RDMA_WRITE, 2 | IbvSendWR.IBV_SEND_INLINE, 1);
    long entry = getLong(request, RequestLayouts.Send.SG_LIST);
    assertEquals(3, getInt(entry, RequestLayouts.ScatterEntry.LENGTH));
    assertArrayEquals(
        new byte[] {2, 3, 4},
        RawMemory.getBytes(getLong(entry, RequestLayouts.ScatterEntry.ADDR), 3));
    assertRemote(request, 0x2002, 33);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 4, IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, 2, 1);
    assertEntry(request, 0x1003, 8, 41);
    assertAtomic(request, 0x2003, 43, 44, 42);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 5, IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, 2, 1);
    assertEntry(request, 0x1004, 8, 51);
    assertAtomic(request, 0x2004, -53, 0, 52);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 6, IbvSendWR.IBV_WR_SEND, 2, 1);
    assertEntry(request, 0x1005, 60, 61);
    request = getLong(request, RequestLayouts.Send.NEXT);
    assertRequest(request, 7, 7, 0, 0);
    assertEquals(0x77, getInt(request, RequestLayouts.Send.INVALIDATE_RKEY));
    assertEquals(0, getLong(request, RequestLayouts.Send.NEXT));
  }

  @Test
  void batchIsReusedWithoutTraces() throws IOException {
    SendBatch batch = new SendBatch(device.pair, 3, 0);
    batch.compareAndSwap(1, 0, 1, 1, 1, 1, 1, 1);
    batch.read(2, 0, 2, 2, 2, 2, 2);
    batch.read(3, 0, 3, 3, 3, 3, 3);
    assertThrows(IllegalStateException.class, () -> batch.read(4, 0, 4, 4, 4, 4, 4));
    batch.post();
    batch.read(5, 0, 5, 5, 5, 5, 5);
    batch.clear();
    batch.read(6, 2, 6, 6, 6, 6, 6);
    batch.post();
    long request = device.postedSends.second();
    assertRequest(request, 6, IbvSendWR.IBV_WR_RDMA_READ, 2, 1);
    assertRemote(request, 6, 6);
    assertEquals(0, getLong(request, RequestLayouts.Send.NEXT));
  }

  @Test
  void refusedBatchSaysWhereItStopped() throws IOException {
    SendBatch batch = new SendBatch(device.pair, 4, 0);
    batch.read(1, 0, 1, 1, 1, 1, 1);
    batch.post();
    device.postedSends.firstBad(device.postedSends.second() + RequestLayouts.Send.BYTES);
    device.postedSends.answer(ENOMEM);
    batch.read(1, 0, 1, 1, 1, 1, 1);
    batch.read(2, 0, 1, 1, 1, 1, 1);
    VerbsException e = assertThrows(VerbsException.class, batch::post);
    assertEquals(1, e.posted());
    assertEquals(ENOMEM, e.errorNumber());
    assertEquals(0, batch.size());
  }

  @Test
  void whatIsClosedIsRefused() throws IOException {
    SVCPostSend post =
        device.pair.postSend(List.of(request(1, IbvSendWR.IBV_WR_SEND, 0, 1, 1, 1)), null);
    SendBatch batch = new SendBatch(device.pair, 1, 0);
    CompletionBatch completions = new CompletionBatch(device.queue, 1);
    assertTrue(post.isValid());
    post.free();
    assertFalse(post.isValid());
    assertThrows(VerbsException.class, post::execute);
    device.pair.close();
    device.queue.close();
    batch.read(1, 0, 1, 1, 1, 1, 1);
    assertThrows(VerbsException.class, batch::post);
    assertThrows(VerbsException.class, completions::poll);
    assertThrows(VerbsException.class, () -> device.queue.reqNotification(false).execute());
    assertEquals(0, device.postedSends.calls());
    assertEquals(0, device.polls.calls());
  }

  @Test
  void contextOfAnotherLayoutIsRefused() {
    for (int field :
        new int[] {
          DeviceLayouts.Context.DEVICE,
          DeviceLayouts.Context.POST_SEND,
          DeviceLayouts.Context.POST_RECV,
          DeviceLayouts.Context.POLL_CQ,
          DeviceLayouts.Context.REQ_NOTIFY_CQ,
          DeviceLayouts.Context.NUM_COMP_VECTORS
        }) {
      MemorySegment copy = device.zeroed(DeviceLayouts.Context.BYTES);
      copy.copyFrom(RawMemory.ALL.asSlice(device.context.getObjId(), DeviceLayouts.Context.BYTES));
      new Probe(copy).check();
      StubDevice.setInt(copy, field, 0);
      StubDevice.setInt(copy, field + (field % 8 == 0 ? 4 : 0), 0);
      assertThrows(VerbsUnavailableException.class, () -> new Probe(copy).check());
    }
  }

  private record Probe(MemorySegment context) {
    void check() {
      Abi.checkContext(context.address());
    }
  }

  private MemorySegment completions() {
    MemorySegment bytes = device.zeroed(2L * RequestLayouts.Completion.BYTES);
    StubDevice.setLong(bytes, RequestLayouts.Completion.WR_ID, 71);
    StubDevice.setInt(bytes, RequestLayouts.Completion.OPCODE, 2);
    StubDevice.setInt(bytes, RequestLayouts.Completion.BYTE_LEN, 4096);
    StubDevice.setInt(bytes, RequestLayouts.Completion.QP_NUM, StubDevice.QUEUE_PAIR_NUMBER);
    long second = RequestLayouts.Completion.BYTES;
    StubDevice.setLong(bytes, second + RequestLayouts.Completion.WR_ID, 72);
    StubDevice.setInt(bytes, second + RequestLayouts.Completion.STATUS, 10);
    StubDevice.setInt(bytes, second + RequestLayouts.Completion.VENDOR_ERR, 0x88);
    return bytes;
  }

  private static IbvSendWR request(
      long id, int opcode, int flags, long rawAddress, int lengthBytes, int lkey) {
    return Requests.send(id, opcode, flags, Requests.entry(rawAddress, lengthBytes, lkey));
  }

  private static void assertRequest(long request, long id, int opcode, int flags, int entries) {
    assertEquals(id, getLong(request, RequestLayouts.Send.WR_ID));
    assertEquals(opcode, getInt(request, RequestLayouts.Send.OPCODE));
    assertEquals(flags, getInt(request, RequestLayouts.Send.SEND_FLAGS));
    assertEquals(entries, getInt(request, RequestLayouts.Send.NUM_SGE));
  }

  private static void assertEntry(long request, long rawAddress, int lengthBytes, int lkey) {
    long entry = getLong(request, RequestLayouts.Send.SG_LIST);
    assertEquals(rawAddress, getLong(entry, RequestLayouts.ScatterEntry.ADDR));
    assertEquals(lengthBytes, getInt(entry, RequestLayouts.ScatterEntry.LENGTH));
    assertEquals(lkey, getInt(entry, RequestLayouts.ScatterEntry.LKEY));
  }

  private static void assertRemote(long request, long remoteAddress, int rkey) {
    assertEquals(remoteAddress, getLong(request, RequestLayouts.Send.RDMA_REMOTE_ADDR));
    assertEquals(rkey, getInt(request, RequestLayouts.Send.RDMA_RKEY));
  }

  private static void assertAtomic(
      long request, long remoteAddress, long compareOrAdd, long swap, int rkey) {
    assertEquals(remoteAddress, getLong(request, RequestLayouts.Send.ATOMIC_REMOTE_ADDR));
    assertEquals(compareOrAdd, getLong(request, RequestLayouts.Send.ATOMIC_COMPARE_ADD));
    assertEquals(swap, getLong(request, RequestLayouts.Send.ATOMIC_SWAP));
    assertEquals(rkey, getInt(request, RequestLayouts.Send.ATOMIC_RKEY));
  }

  private static long getLong(long structure, int field) {
    return RawMemory.getLong(structure + field);
  }

  private static int getInt(long structure, int field) {
    return RawMemory.getInt(structure + field);
  }
}
