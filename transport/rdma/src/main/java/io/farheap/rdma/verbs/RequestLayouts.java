package io.farheap.rdma.verbs;

/** The structures of work requests and completions. */
final class RequestLayouts {
  private RequestLayouts() {}

  /** A request on the send queue; its remote part is a union by opcode. */
  static final class Send {
    static final CStruct STRUCT = new CStruct("ibv_send_wr");
    static final int WR_ID = STRUCT.int64("wr_id");
    static final int NEXT = STRUCT.pointer("next");
    static final int SG_LIST = STRUCT.pointer("sg_list");
    static final int NUM_SGE = STRUCT.int32("num_sge");
    static final int OPCODE = STRUCT.int32("opcode");
    static final int SEND_FLAGS = STRUCT.int32("send_flags");
    static final int IMM_DATA = STRUCT.int32("imm_data");
    static final int INVALIDATE_RKEY;

    static final int RDMA_REMOTE_ADDR;
    static final int RDMA_RKEY;
    static final int ATOMIC_REMOTE_ADDR;
    static final int ATOMIC_COMPARE_ADD;
    static final int ATOMIC_SWAP;
    static final int ATOMIC_RKEY;

    static {
      STRUCT.union(IMM_DATA);
      INVALIDATE_RKEY = STRUCT.int32("invalidate_rkey");
      RDMA_REMOTE_ADDR = STRUCT.int64("wr.rdma.remote_addr");
      RDMA_RKEY = STRUCT.int32("wr.rdma.rkey");
      STRUCT.union(RDMA_REMOTE_ADDR);
      ATOMIC_REMOTE_ADDR = STRUCT.int64("wr.atomic.remote_addr");
      ATOMIC_COMPARE_ADD = STRUCT.int64("wr.atomic.compare_add");
      ATOMIC_SWAP = STRUCT.int64("wr.atomic.swap");
      ATOMIC_RKEY = STRUCT.int32("wr.atomic.rkey");
      STRUCT.afterUnion(8);
    }

    static final int REMOTE_SRQN = STRUCT.int32("qp_type.xrc.remote_srqn");
    static final int BIND_WINDOW = STRUCT.pointer("bind_mw.mw");
    static final int BIND_RKEY = STRUCT.int32("bind_mw.rkey");
    static final int BIND_REGION = STRUCT.pointer("bind_mw.bind_info.mr");
    static final int BIND_ADDR = STRUCT.int64("bind_mw.bind_info.addr");
    static final int BIND_LENGTH = STRUCT.int64("bind_mw.bind_info.length");
    static final int BIND_ACCESS = STRUCT.int32("bind_mw.bind_info.mw_access_flags");
    static final int BYTES = STRUCT.bytes();

    private Send() {}
  }

  /** A request on the receive queue. */
  static final class Receive {
    static final CStruct STRUCT = new CStruct("ibv_recv_wr");
    static final int WR_ID = STRUCT.int64("wr_id");
    static final int NEXT = STRUCT.pointer("next");
    static final int SG_LIST = STRUCT.pointer("sg_list");
    static final int NUM_SGE = STRUCT.int32("num_sge");
    static final int BYTES = STRUCT.bytes();

    private Receive() {}
  }

  /** A piece of local memory. */
  static final class ScatterEntry {
    static final CStruct STRUCT = new CStruct("ibv_sge");
    static final int ADDR = STRUCT.int64("addr");
    static final int LENGTH = STRUCT.int32("length");
    static final int LKEY = STRUCT.int32("lkey");
    static final int BYTES = STRUCT.bytes();

    private ScatterEntry() {}
  }

  /** A completion. */
  static final class Completion {
    static final CStruct STRUCT = new CStruct("ibv_wc");
    static final int WR_ID = STRUCT.int64("wr_id");
    static final int STATUS = STRUCT.int32("status");
    static final int OPCODE = STRUCT.int32("opcode");
    static final int VENDOR_ERR = STRUCT.int32("vendor_err");
    static final int BYTE_LEN = STRUCT.int32("byte_len");
    static final int IMM_DATA = STRUCT.int32("imm_data");
    static final int QP_NUM = STRUCT.int32("qp_num");
    static final int SRC_QP = STRUCT.int32("src_qp");
    static final int WC_FLAGS = STRUCT.int32("wc_flags");
    static final int PKEY_INDEX = STRUCT.uint16("pkey_index");
    static final int SLID = STRUCT.uint16("slid");
    static final int SL = STRUCT.uint8("sl");
    static final int DLID_PATH_BITS = STRUCT.uint8("dlid_path_bits");
    static final int BYTES = STRUCT.bytes();

    private Completion() {}
  }
}
