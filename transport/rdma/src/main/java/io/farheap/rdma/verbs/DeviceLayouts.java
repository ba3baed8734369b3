package io.farheap.rdma.verbs;

/** The structures of a device. */
final class DeviceLayouts {
  private static final int MUTEX_BYTES = 40;

  private DeviceLayouts() {}

  /** An open device, with the functions of its driver. */
  static final class Context {
    static final CStruct STRUCT = new CStruct("ibv_context");
    static final int DEVICE = STRUCT.pointer("device");

    static final int ALLOC_MW;
    static final int DEALLOC_MW;
    static final int POLL_CQ;
    static final int REQ_NOTIFY_CQ;
    static final int POST_SEND;
    static final int POST_RECV;

    static {
      functions("_query_device to dereg_mr", 7);
      ALLOC_MW = STRUCT.pointer("ops.alloc_mw");
      functions("_bind_mw", 1);
      DEALLOC_MW = STRUCT.pointer("ops.dealloc_mw");
      functions("_create_cq", 1);
      POLL_CQ = STRUCT.pointer("ops.poll_cq");
      REQ_NOTIFY_CQ = STRUCT.pointer("ops.req_notify_cq");
      functions("_cq_event to destroy_srq", 7);
      functions("_post_srq_recv", 1);
      functions("_create_qp to destroy_qp", 4);
      POST_SEND = STRUCT.pointer("ops.post_send");
      POST_RECV = STRUCT.pointer("ops.post_recv");
      functions("_create_ah to async_event", 5);
    }

    static final int CMD_FD = STRUCT.int32("cmd_fd");
    static final int ASYNC_FD = STRUCT.int32("async_fd");
    static final int NUM_COMP_VECTORS = STRUCT.int32("num_comp_vectors");
    static final int MUTEX = STRUCT.field("mutex", MUTEX_BYTES, 8);
    static final int ABI_COMPAT = STRUCT.pointer("abi_compat");
    static final int BYTES = STRUCT.bytes();

    private Context() {}

    private static void functions(String names, int count) {
      STRUCT.field(names, count * 8, 8);
    }
  }

  /** What a device can do. */
  static final class Attributes {
    static final CStruct STRUCT = new CStruct("ibv_device_attr");
    static final int FW_VER = STRUCT.field("fw_ver", 64, 1);
    static final int NODE_GUID = STRUCT.int64("node_guid");
    static final int SYS_IMAGE_GUID = STRUCT.int64("sys_image_guid");
    static final int MAX_MR_SIZE = STRUCT.int64("max_mr_size");
    static final int PAGE_SIZE_CAP = STRUCT.int64("page_size_cap");
    static final int VENDOR_ID = STRUCT.int32("vendor_id");
    static final int VENDOR_PART_ID = STRUCT.int32("vendor_part_id");
    static final int HW_VER = STRUCT.int32("hw_ver");
    static final int MAX_QP = STRUCT.int32("max_qp");
    static final int MAX_QP_WR = STRUCT.int32("max_qp_wr");
    static final int DEVICE_CAP_FLAGS = STRUCT.int32("device_cap_flags");
    static final int MAX_SGE = STRUCT.int32("max_sge");
    static final int MAX_SGE_RD = STRUCT.int32("max_sge_rd");
    static final int MAX_CQ = STRUCT.int32("max_cq");
    static final int MAX_CQE = STRUCT.int32("max_cqe");
    static final int MAX_MR = STRUCT.int32("max_mr");
    static final int MAX_PD = STRUCT.int32("max_pd");
    static final int MAX_QP_RD_ATOM = STRUCT.int32("max_qp_rd_atom");
    static final int MAX_EE_RD_ATOM = STRUCT.int32("max_ee_rd_atom");
    static final int MAX_RES_RD_ATOM = STRUCT.int32("max_res_rd_atom");
    static final int MAX_QP_INIT_RD_ATOM = STRUCT.int32("max_qp_init_rd_atom");
    static final int MAX_EE_INIT_RD_ATOM = STRUCT.int32("max_ee_init_rd_atom");
    static final int ATOMIC_CAP = STRUCT.int32("atomic_cap");
    static final int MAX_EE = STRUCT.int32("max_ee");
    static final int MAX_RDD = STRUCT.int32("max_rdd");
    static final int MAX_MW = STRUCT.int32("max_mw");
    static final int RAW_TO_SRQ = STRUCT.field("_max_raw_ipv6_qp to max_srq_sge", 11 * 4, 4);
    static final int MAX_PKEYS = STRUCT.uint16("max_pkeys");
    static final int LOCAL_CA_ACK_DELAY = STRUCT.uint8("local_ca_ack_delay");
    static final int PHYS_PORT_CNT = STRUCT.uint8("phys_port_cnt");
    static final int BYTES = STRUCT.bytes();

    private Attributes() {}
  }

  /** A port's state. Later versions of the library append to it. */
  static final class Port {
    static final CStruct STRUCT = new CStruct("ibv_port_attr");
    static final int STATE = STRUCT.int32("state");
    static final int MAX_MTU = STRUCT.int32("max_mtu");
    static final int ACTIVE_MTU = STRUCT.int32("active_mtu");
    static final int GID_TBL_LEN = STRUCT.int32("gid_tbl_len");
    static final int PORT_CAP_FLAGS = STRUCT.int32("port_cap_flags");
    static final int MAX_MSG_SZ = STRUCT.int32("max_msg_sz");
    static final int BAD_PKEY_CNTR = STRUCT.int32("bad_pkey_cntr");
    static final int QKEY_VIOL_CNTR = STRUCT.int32("qkey_viol_cntr");
    static final int PKEY_TBL_LEN = STRUCT.uint16("pkey_tbl_len");
    static final int LID = STRUCT.uint16("lid");
    static final int SM_LID = STRUCT.uint16("sm_lid");
    static final int LMC_TO_SPEED = STRUCT.field("_lmc to active_speed", 7, 1);
    static final int PHYS_STATE = STRUCT.uint8("phys_state");
    static final int LINK_LAYER = STRUCT.uint8("link_layer");

    /** Room for this version and for later ones. */
    static final int ROOM_BYTES = 256;

    private Port() {}
  }

  /** An address of a port, with its kind. */
  static final class GidEntry {
    static final CStruct STRUCT = new CStruct("ibv_gid_entry");
    static final int GID = STRUCT.field("gid", 16, 8);
    static final int GID_INDEX = STRUCT.int32("gid_index");
    static final int PORT_NUM = STRUCT.int32("port_num");
    static final int GID_TYPE = STRUCT.int32("gid_type");
    static final int NDEV_IFINDEX = STRUCT.int32("ndev_ifindex");
    static final int BYTES = STRUCT.bytes();

    private GidEntry() {}
  }
}
