package io.farheap.rdma.verbs;

/** The structures of completion queues and queue pairs. */
final class QueueLayouts {
  private QueueLayouts() {}

  /** A protection domain. */
  static final class Domain {
    static final CStruct STRUCT = new CStruct("ibv_pd");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int HANDLE = STRUCT.int32("handle");

    private Domain() {}
  }

  /** A completion channel. */
  static final class Channel {
    static final CStruct STRUCT = new CStruct("ibv_comp_channel");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int FD = STRUCT.int32("fd");

    private Channel() {}
  }

  /** A completion queue, up to what we read. */
  static final class CompletionQueue {
    static final CStruct STRUCT = new CStruct("ibv_cq");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int CHANNEL = STRUCT.pointer("channel");
    static final int CQ_CONTEXT = STRUCT.pointer("cq_context");
    static final int HANDLE = STRUCT.int32("handle");
    static final int CQE = STRUCT.int32("cqe");

    private CompletionQueue() {}
  }

  /** A queue pair, up to what we read. */
  static final class QueuePair {
    static final CStruct STRUCT = new CStruct("ibv_qp");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int QP_CONTEXT = STRUCT.pointer("qp_context");
    static final int PD = STRUCT.pointer("pd");
    static final int SEND_CQ = STRUCT.pointer("send_cq");
    static final int RECV_CQ = STRUCT.pointer("recv_cq");
    static final int SRQ = STRUCT.pointer("srq");
    static final int HANDLE = STRUCT.int32("handle");
    static final int QP_NUM = STRUCT.int32("qp_num");
    static final int STATE = STRUCT.int32("state");
    static final int QP_TYPE = STRUCT.int32("qp_type");

    private QueuePair() {}
  }

  /** How a queue pair is made. */
  static final class InitAttributes {
    static final CStruct STRUCT = new CStruct("ibv_qp_init_attr");
    static final int QP_CONTEXT = STRUCT.pointer("qp_context");
    static final int SEND_CQ = STRUCT.pointer("send_cq");
    static final int RECV_CQ = STRUCT.pointer("recv_cq");
    static final int SRQ = STRUCT.pointer("srq");
    static final int MAX_SEND_WR = STRUCT.int32("cap.max_send_wr");
    static final int MAX_RECV_WR = STRUCT.int32("cap.max_recv_wr");
    static final int MAX_SEND_SGE = STRUCT.int32("cap.max_send_sge");
    static final int MAX_RECV_SGE = STRUCT.int32("cap.max_recv_sge");
    static final int MAX_INLINE_DATA = STRUCT.int32("cap.max_inline_data");
    static final int QP_TYPE = STRUCT.int32("qp_type");
    static final int SQ_SIG_ALL = STRUCT.int32("sq_sig_all");
    static final int BYTES = STRUCT.bytes();

    private InitAttributes() {}
  }

  /** What of a queue pair can be changed and asked. */
  static final class Attributes {
    static final CStruct STRUCT = new CStruct("ibv_qp_attr");
    static final int QP_STATE = STRUCT.int32("qp_state");
    static final int CUR_QP_STATE = STRUCT.int32("cur_qp_state");
    static final int PATH_MTU = STRUCT.int32("path_mtu");
    static final int PATH_MIG_STATE = STRUCT.int32("path_mig_state");
    static final int QKEY = STRUCT.int32("qkey");
    static final int RQ_PSN = STRUCT.int32("rq_psn");
    static final int SQ_PSN = STRUCT.int32("sq_psn");
    static final int DEST_QP_NUM = STRUCT.int32("dest_qp_num");
    static final int QP_ACCESS_FLAGS = STRUCT.int32("qp_access_flags");
    static final int CAP = STRUCT.field("cap", 20, 4);
    static final int AH_ATTR = STRUCT.field("ah_attr", 32, 8);
    static final int ALT_AH_ATTR = STRUCT.field("alt_ah_attr", 32, 8);
    static final int PKEY_INDEX = STRUCT.uint16("pkey_index");
    static final int ALT_PKEY_INDEX = STRUCT.uint16("alt_pkey_index");
    static final int EN_SQD_ASYNC_NOTIFY = STRUCT.uint8("en_sqd_async_notify");
    static final int SQ_DRAINING = STRUCT.uint8("sq_draining");
    static final int MAX_RD_ATOMIC = STRUCT.uint8("max_rd_atomic");
    static final int MAX_DEST_RD_ATOMIC = STRUCT.uint8("max_dest_rd_atomic");
    static final int MIN_RNR_TIMER = STRUCT.uint8("min_rnr_timer");
    static final int PORT_NUM = STRUCT.uint8("port_num");
    static final int TIMEOUT = STRUCT.uint8("timeout");
    static final int RETRY_CNT = STRUCT.uint8("retry_cnt");
    static final int RNR_RETRY = STRUCT.uint8("rnr_retry");
    static final int ALT_PORT_NUM = STRUCT.uint8("alt_port_num");
    static final int ALT_TIMEOUT = STRUCT.uint8("alt_timeout");
    static final int RATE_LIMIT = STRUCT.int32("rate_limit");
    static final int BYTES = STRUCT.bytes();

    private Attributes() {}
  }
}
