package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** One request of a prepared post: every change goes to the native structure, where it is. */
final class SendRequest implements SVCPostSend.SendWRMod, AtomicMod {
  private final MemorySegment memory;
  private final long offset;
  private final int rkeyOffset;
  private final Entry[] entries;

  /**
   * Lays a request out.
   *
   * @param memory where all requests of the post are
   * @param offset where this one begins
   * @param entriesOffset where its scatter entries begin
   * @param next raw address of the next request, or 0
   */
  SendRequest(MemorySegment memory, long offset, long entriesOffset, long next, IbvSendWR from) {
    this.memory = memory;
    this.offset = offset;
    List<IbvSge> list = from.getSg_list();
    this.entries = new Entry[list.size()];
    int i = 0;
    for (IbvSge entry : list) {
      entries[i] =
          new Entry(memory, entriesOffset + (long) i * RequestLayouts.ScatterEntry.BYTES, entry);
      i++;
    }
    setLong(RequestLayouts.Send.WR_ID, from.getWr_id());
    setLong(RequestLayouts.Send.NEXT, next);
    setLong(
        RequestLayouts.Send.SG_LIST, entries.length == 0 ? 0 : memory.address() + entriesOffset);
    setInt(RequestLayouts.Send.NUM_SGE, entries.length);
    setInt(RequestLayouts.Send.OPCODE, from.getOpcode());
    setInt(RequestLayouts.Send.SEND_FLAGS, from.getSend_flags());
    setInt(RequestLayouts.Send.IMM_DATA, from.getImm_data());
    if (isAtomic(from.getOpcode())) {
      this.rkeyOffset = RequestLayouts.Send.ATOMIC_RKEY;
      setRemote_addr(from.getAtomic().getRemote_addr());
      setCompare_add(from.getAtomic().getCompare_add());
      setSwap(from.getAtomic().getSwap());
      setRkey(from.getAtomic().getRkey());
    } else {
      this.rkeyOffset = RequestLayouts.Send.RDMA_RKEY;
      setRemote_addr(from.getRdma().getRemote_addr());
      setRkey(from.getRdma().getRkey());
    }
  }

  @Override
  public void setWr_id(long id) {
    setLong(RequestLayouts.Send.WR_ID, id);
  }

  @Override
  public long getWr_id() {
    return getLong(RequestLayouts.Send.WR_ID);
  }

  @Override
  public void setSend_flags(int flags) {
    setInt(RequestLayouts.Send.SEND_FLAGS, flags);
  }

  @Override
  public int getSend_flags() {
    return getInt(RequestLayouts.Send.SEND_FLAGS);
  }

  @Override
  public int getNum_sge() {
    return getInt(RequestLayouts.Send.NUM_SGE);
  }

  @Override
  public int getOpcode() {
    return getInt(RequestLayouts.Send.OPCODE);
  }

  @Override
  public SVCPostSend.RdmaMod getRdmaMod() {
    return this;
  }

  @Override
  public SVCPostSend.SgeMod getSgeMod(int index) {
    return entries[index];
  }

  @Override
  public void setRemote_addr(long remoteAddress) {
    // Where the remote address is, all opcodes agree.
    setLong(RequestLayouts.Send.RDMA_REMOTE_ADDR, remoteAddress);
  }

  @Override
  public long getRemote_addr() {
    return getLong(RequestLayouts.Send.RDMA_REMOTE_ADDR);
  }

  @Override
  public void setRkey(int rkey) {
    setInt(rkeyOffset, rkey);
  }

  @Override
  public int getRkey() {
    return getInt(rkeyOffset);
  }

  /** There is no such field in the structure; DiSNI only names the room behind the key. */
  @Override
  public void setReserved(int reserved) {
    setInt(rkeyOffset + Integer.BYTES, reserved);
  }

  @Override
  public int getReserved() {
    return getInt(rkeyOffset + Integer.BYTES);
  }

  @Override
  public void setCompare_add(long value) {
    requireAtomic();
    setLong(RequestLayouts.Send.ATOMIC_COMPARE_ADD, value);
  }

  @Override
  public void setSwap(long value) {
    requireAtomic();
    setLong(RequestLayouts.Send.ATOMIC_SWAP, value);
  }

  private void requireAtomic() {
    if (!isAtomic(getOpcode())) {
      throw new IllegalStateException(
          "opcode " + getOpcode() + " is no atomic operation; prepare the request as one");
    }
  }

  private static boolean isAtomic(int opcode) {
    return opcode == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP
        || opcode == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD;
  }

  private void setLong(int field, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset + field, value);
  }

  private long getLong(int field) {
    return memory.get(ValueLayout.JAVA_LONG, offset + field);
  }

  private void setInt(int field, int value) {
    memory.set(ValueLayout.JAVA_INT, offset + field, value);
  }

  private int getInt(int field) {
    return memory.get(ValueLayout.JAVA_INT, offset + field);
  }

  /** A piece of local memory. */
  private static final class Entry implements SVCPostSend.SgeMod {
    private final MemorySegment memory;
    private final long offset;

    Entry(MemorySegment memory, long offset, IbvSge from) {
      this.memory = memory;
      this.offset = offset;
      setAddr(from.getAddr());
      setLength(from.getLength());
      setLkey(from.getLkey());
    }

    @Override
    public void setAddr(long rawAddress) {
      memory.set(ValueLayout.JAVA_LONG, offset + RequestLayouts.ScatterEntry.ADDR, rawAddress);
    }

    @Override
    public long getAddr() {
      return memory.get(ValueLayout.JAVA_LONG, offset + RequestLayouts.ScatterEntry.ADDR);
    }

    @Override
    public void setLength(int lengthBytes) {
      memory.set(ValueLayout.JAVA_INT, offset + RequestLayouts.ScatterEntry.LENGTH, lengthBytes);
    }

    @Override
    public int getLength() {
      return memory.get(ValueLayout.JAVA_INT, offset + RequestLayouts.ScatterEntry.LENGTH);
    }

    @Override
    public void setLkey(int lkey) {
      memory.set(ValueLayout.JAVA_INT, offset + RequestLayouts.ScatterEntry.LKEY, lkey);
    }

    @Override
    public int getLkey() {
      return memory.get(ValueLayout.JAVA_INT, offset + RequestLayouts.ScatterEntry.LKEY);
    }
  }
}
