package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Posts a list of receive requests, again and again. Laid out as a {@link PostSendCall} is. */
final class PostRecvCall extends SVCPostRecv {
  private final FfmQp pair;
  private final List<IbvRecvWR> given;
  private final List<IbvRecvWR> refused;
  private final MemorySegment memory;
  private final long firstBadOffset;
  private boolean valid = true;

  PostRecvCall(FfmQp pair, List<IbvRecvWR> given, List<IbvRecvWR> refused) throws VerbsException {
    if (given.isEmpty()) {
      throw new VerbsException("a post needs at least one work request");
    }
    this.pair = pair;
    this.given = List.copyOf(given);
    this.refused = refused;
    long entriesOffset = (long) given.size() * RequestLayouts.Receive.BYTES;
    long entries = 0;
    for (IbvRecvWR request : given) {
      entries += request.getNum_sge();
    }
    this.firstBadOffset = entriesOffset + entries * RequestLayouts.ScatterEntry.BYTES;
    this.memory = Arena.ofAuto().allocate(firstBadOffset + Long.BYTES, Long.BYTES);
    for (int i = 0; i < this.given.size(); i++) {
      entriesOffset = write(i, entriesOffset);
    }
  }

  @Override
  public SVCPostRecv execute() throws IOException {
    Handles.requireOpen("call", valid);
    long first = memory.address();
    int result = pair.postReceive(memory, firstBadOffset);
    if (result != 0) {
      long bad = memory.get(ValueLayout.JAVA_LONG, firstBadOffset);
      int posted = PostResult.accepted(first, bad, RequestLayouts.Receive.BYTES, given.size());
      if (refused != null) {
        refused.addAll(given.subList(posted, given.size()));
      }
      throw VerbsException.refusedPost("ibv_post_recv", Math.abs(result), posted, given.size());
    }
    return this;
  }

  @Override
  public SVCPostRecv.RecvWRMod getWrMod(int index) {
    long offset = (long) index * RequestLayouts.Receive.BYTES + RequestLayouts.Receive.WR_ID;
    return () -> memory.get(ValueLayout.JAVA_LONG, offset);
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCPostRecv free() {
    valid = false;
    return this;
  }

  /** Writes a request and its entries; where the next one's entries begin. */
  private long write(int index, long entriesOffset) {
    IbvRecvWR request = given.get(index);
    long offset = (long) index * RequestLayouts.Receive.BYTES;
    boolean last = index == given.size() - 1;
    int entries = request.getNum_sge();
    setLong(offset + RequestLayouts.Receive.WR_ID, request.getWr_id());
    setLong(
        offset + RequestLayouts.Receive.NEXT,
        last ? 0 : memory.address() + offset + RequestLayouts.Receive.BYTES);
    setLong(
        offset + RequestLayouts.Receive.SG_LIST,
        entries == 0 ? 0 : memory.address() + entriesOffset);
    setInt(offset + RequestLayouts.Receive.NUM_SGE, entries);
    long entryOffset = entriesOffset;
    for (int i = 0; i < entries; i++) {
      IbvSge entry = request.getSg_list().get(i);
      setLong(entryOffset + RequestLayouts.ScatterEntry.ADDR, entry.getAddr());
      setInt(entryOffset + RequestLayouts.ScatterEntry.LENGTH, entry.getLength());
      setInt(entryOffset + RequestLayouts.ScatterEntry.LKEY, entry.getLkey());
      entryOffset += RequestLayouts.ScatterEntry.BYTES;
    }
    return entryOffset;
  }

  private void setLong(long offset, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset, value);
  }

  private void setInt(long offset, int value) {
    memory.set(ValueLayout.JAVA_INT, offset, value);
  }
}
