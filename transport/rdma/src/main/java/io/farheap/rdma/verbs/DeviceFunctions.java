package io.farheap.rdma.verbs;

import java.lang.foreign.MemorySegment;

/** The functions of a device's driver that the fast path calls. */
record DeviceFunctions(
    MemorySegment postSend,
    MemorySegment postReceive,
    MemorySegment pollQueue,
    MemorySegment requestNotification) {

  /**
   * Reads them from the context of an open device.
   *
   * @throws VerbsUnavailableException if its fields cannot be what we take them for
   */
  static DeviceFunctions of(long context) {
    Abi.checkContext(context);
    return new DeviceFunctions(
        function(context, DeviceLayouts.Context.POST_SEND),
        function(context, DeviceLayouts.Context.POST_RECV),
        function(context, DeviceLayouts.Context.POLL_CQ),
        function(context, DeviceLayouts.Context.REQ_NOTIFY_CQ));
  }

  private static MemorySegment function(long context, int offset) {
    return MemorySegment.ofAddress(RawMemory.getLong(context + offset));
  }
}
