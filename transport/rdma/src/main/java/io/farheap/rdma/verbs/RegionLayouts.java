package io.farheap.rdma.verbs;

/** The structures of registered memory. */
final class RegionLayouts {
  private RegionLayouts() {}

  /** A memory region. */
  static final class Region {
    static final CStruct STRUCT = new CStruct("ibv_mr");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int PD = STRUCT.pointer("pd");
    static final int ADDR = STRUCT.pointer("addr");
    static final int LENGTH = STRUCT.int64("length");
    static final int HANDLE = STRUCT.int32("handle");
    static final int LKEY = STRUCT.int32("lkey");
    static final int RKEY = STRUCT.int32("rkey");
    static final int BYTES = STRUCT.bytes();

    private Region() {}
  }

  /** A memory window. */
  static final class Window {
    static final CStruct STRUCT = new CStruct("ibv_mw");
    static final int CONTEXT = STRUCT.pointer("context");
    static final int PD = STRUCT.pointer("pd");
    static final int RKEY = STRUCT.int32("rkey");
    static final int HANDLE = STRUCT.int32("handle");
    static final int TYPE = STRUCT.int32("type");
    static final int BYTES = STRUCT.bytes();

    private Window() {}
  }
}
