package io.farheap.rdma.verbs;

/** The structures of the connection manager. */
final class ManagerLayouts {
  /** Room for an address of any family. */
  static final int SOCKET_ADDRESS_BYTES = 128;

  private static final int ADDRESS_AND_KEYS_BYTES = 40;

  private ManagerLayouts() {}

  /** Where events arrive. */
  static final class Channel {
    static final CStruct STRUCT = new CStruct("rdma_event_channel");
    static final int FD = STRUCT.int32("fd");

    private Channel() {}
  }

  /** One end of a connection, up to what we read. */
  static final class Id {
    static final CStruct STRUCT = new CStruct("rdma_cm_id");
    static final int VERBS = STRUCT.pointer("verbs");
    static final int CHANNEL = STRUCT.pointer("channel");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int QP = STRUCT.pointer("qp");
    static final int SRC_ADDR = STRUCT.field("route.addr.src_addr", SOCKET_ADDRESS_BYTES, 8);
    static final int DST_ADDR = STRUCT.field("route.addr.dst_addr", SOCKET_ADDRESS_BYTES, 8);
    static final int KEYS = STRUCT.field("route.addr.addr", ADDRESS_AND_KEYS_BYTES, 8);
    static final int PATHS = STRUCT.pointer("route.path_rec");
    static final int NUM_PATHS = STRUCT.int32("route.num_paths");
    static final int PS;
    static final int PORT_NUM;

    static {
      STRUCT.afterUnion(8);
      PS = STRUCT.int32("ps");
      PORT_NUM = STRUCT.uint8("port_num");
    }

    private Id() {}
  }

  /** What happened to an end; its last part is a union. */
  static final class Event {
    static final CStruct STRUCT = new CStruct("rdma_cm_event");
    static final int ID = STRUCT.pointer("id");
    static final int LISTEN_ID = STRUCT.pointer("listen_id");
    static final int EVENT = STRUCT.int32("event");
    static final int STATUS = STRUCT.int32("status");
    static final int PARAM = STRUCT.field("param", ConnectionParameters.BYTES, 8);

    private Event() {}
  }

  /** How two ends connect. */
  static final class ConnectionParameters {
    static final CStruct STRUCT = new CStruct("rdma_conn_param");
    static final int PRIVATE_DATA = STRUCT.pointer("private_data");
    static final int PRIVATE_DATA_LEN = STRUCT.uint8("private_data_len");
    static final int RESPONDER_RESOURCES = STRUCT.uint8("responder_resources");
    static final int INITIATOR_DEPTH = STRUCT.uint8("initiator_depth");
    static final int FLOW_CONTROL = STRUCT.uint8("flow_control");
    static final int RETRY_COUNT = STRUCT.uint8("retry_count");
    static final int RNR_RETRY_COUNT = STRUCT.uint8("rnr_retry_count");
    static final int SRQ = STRUCT.uint8("srq");
    static final int QP_NUM = STRUCT.int32("qp_num");
    static final int BYTES = STRUCT.bytes();

    private ConnectionParameters() {}
  }
}
