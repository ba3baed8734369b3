package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes completions from a queue into DiSNI's objects. */
final class PollCqCall extends SVCPollCq {
  private final FfmCq queue;
  private final IbvWC[] completions;
  private final int most;
  private final MemorySegment memory;
  private int polls;
  private boolean valid = true;

  PollCqCall(FfmCq queue, IbvWC[] completions, int most) {
    this.queue = queue;
    this.completions = completions;
    this.most = Math.min(most, completions.length);
    this.memory =
        Arena.ofAuto().allocate((long) this.most * RequestLayouts.Completion.BYTES, Long.BYTES);
  }

  @Override
  public SVCPollCq execute() throws IOException {
    polls = 0;
    Handles.requireOpen("call", valid);
    int count = queue.poll(most, memory);
    if (count < 0) {
      throw new VerbsException("ibv_poll_cq", -count);
    }
    for (int i = 0; i < count; i++) {
      fill(completions[i], (long) i * RequestLayouts.Completion.BYTES);
    }
    polls = count;
    return this;
  }

  @Override
  public int getPolls() {
    return polls;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCPollCq free() {
    valid = false;
    return this;
  }

  private void fill(IbvWC completion, long offset) {
    completion.setWr_id(
        memory.get(ValueLayout.JAVA_LONG, offset + RequestLayouts.Completion.WR_ID));
    completion.setStatus(getInt(offset + RequestLayouts.Completion.STATUS));
    completion.setOpcode(getInt(offset + RequestLayouts.Completion.OPCODE));
    completion.setVendor_err(getInt(offset + RequestLayouts.Completion.VENDOR_ERR));
    completion.setByte_len(getInt(offset + RequestLayouts.Completion.BYTE_LEN));
    completion.setImm_data(getInt(offset + RequestLayouts.Completion.IMM_DATA));
    completion.setQp_num(getInt(offset + RequestLayouts.Completion.QP_NUM));
    completion.setSrc_qp(getInt(offset + RequestLayouts.Completion.SRC_QP));
    completion.setWc_flags(getInt(offset + RequestLayouts.Completion.WC_FLAGS));
    completion.setPkey_index(getShort(offset + RequestLayouts.Completion.PKEY_INDEX));
    completion.setSlid(getShort(offset + RequestLayouts.Completion.SLID));
    completion.setSl(getByte(offset + RequestLayouts.Completion.SL));
    completion.setDlid_path_bits(getByte(offset + RequestLayouts.Completion.DLID_PATH_BITS));
  }

  private int getInt(long offset) {
    return memory.get(ValueLayout.JAVA_INT, offset);
  }

  private short getShort(long offset) {
    return memory.get(ValueLayout.JAVA_SHORT, offset);
  }

  private byte getByte(long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset);
  }
}
