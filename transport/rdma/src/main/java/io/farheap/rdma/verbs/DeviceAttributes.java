package io.farheap.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a device can do.
 *
 * @param firmware the version of its firmware
 * @param nodeGuid its number in the world
 * @param maxRegionBytes the longest memory region
 * @param maxRegions the most memory regions
 * @param maxQueuePairRequests the most requests in one queue
 * @param maxEntries the most scatter entries of a request
 * @param maxCompletions the longest completion queue
 * @param maxReadsAnswered the most READs and atomic operations on a queue pair that it answers at a
 *     time
 * @param maxReadsStarted the most READs and atomic operations on a queue pair that it has under way
 * @param atomics whether it has atomic operations
 * @param maxWindows the most memory windows, 0 if it has none
 * @param type2Windows whether it has memory windows of type 2
 * @param ports how many ports it has, numbered from 1
 */
public record DeviceAttributes(
    String firmware,
    long nodeGuid,
    long maxRegionBytes,
    int maxRegions,
    int maxQueuePairRequests,
    int maxEntries,
    int maxCompletions,
    int maxReadsAnswered,
    int maxReadsStarted,
    Atomics atomics,
    int maxWindows,
    boolean type2Windows,
    int ports) {

  private static final int TYPE_2A = 1 << 23;
  private static final int TYPE_2B = 1 << 24;

  /** How far a device's atomic operations reach. */
  public enum Atomics {
    /** There are none. */
    NONE,

    /** They are atomic towards other operations of the same device. */
    DEVICE,

    /** They are atomic towards the processors too. */
    SYSTEM
  }

  static DeviceAttributes of(MemorySegment memory) {
    int flags = getInt(memory, DeviceLayouts.Attributes.DEVICE_CAP_FLAGS);
    int atomics = getInt(memory, DeviceLayouts.Attributes.ATOMIC_CAP);
    return new DeviceAttributes(
        memory.getString(DeviceLayouts.Attributes.FW_VER),
        Long.reverseBytes(memory.get(ValueLayout.JAVA_LONG, DeviceLayouts.Attributes.NODE_GUID)),
        signed(memory.get(ValueLayout.JAVA_LONG, DeviceLayouts.Attributes.MAX_MR_SIZE)),
        getInt(memory, DeviceLayouts.Attributes.MAX_MR),
        getInt(memory, DeviceLayouts.Attributes.MAX_QP_WR),
        getInt(memory, DeviceLayouts.Attributes.MAX_SGE),
        getInt(memory, DeviceLayouts.Attributes.MAX_CQE),
        getInt(memory, DeviceLayouts.Attributes.MAX_QP_RD_ATOM),
        getInt(memory, DeviceLayouts.Attributes.MAX_QP_INIT_RD_ATOM),
        atomics >= 0 && atomics < Atomics.values().length
            ? Atomics.values()[atomics]
            : Atomics.NONE,
        getInt(memory, DeviceLayouts.Attributes.MAX_MW),
        (flags & (TYPE_2A | TYPE_2B)) != 0,
        memory.get(ValueLayout.JAVA_BYTE, DeviceLayouts.Attributes.PHYS_PORT_CNT) & 0xff);
  }

  /** A length that C counts without a sign; what is beyond a long is without a limit to us. */
  private static long signed(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  private static int getInt(MemorySegment memory, int offset) {
    return memory.get(ValueLayout.JAVA_INT, offset);
  }
}
