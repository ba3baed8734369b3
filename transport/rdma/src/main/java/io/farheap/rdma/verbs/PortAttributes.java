package io.farheap.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A port's state.
 *
 * @param number the port, from 1
 * @param state its state
 * @param activeMtuBytes the longest packet now
 * @param maxMtuBytes the longest packet that the port can send
 * @param gids how many places its table of addresses has
 * @param link what it is connected to
 */
public record PortAttributes(
    int number, State state, int activeMtuBytes, int maxMtuBytes, int gids, Link link) {

  private static final int SMALLEST_MTU_BITS = 7;

  /** The state of a port. */
  public enum State {
    /** Not known. */
    UNKNOWN,
    /** No link. */
    DOWN,
    /** A link, and no subnet manager yet. */
    INITIALISING,
    /** About to be active. */
    ARMED,
    /** Ready. */
    ACTIVE,
    /** Active, and hindered. */
    ACTIVE_DEFERRED
  }

  /** The kind of network. */
  public enum Link {
    /** Not known; InfiniBand, from older drivers. */
    UNSPECIFIED,
    /** InfiniBand. */
    INFINIBAND,
    /** Ethernet, that is RoCE. */
    ETHERNET
  }

  static PortAttributes of(int number, MemorySegment memory) {
    return new PortAttributes(
        number,
        constant(State.values(), getInt(memory, DeviceLayouts.Port.STATE)),
        mtuBytes(getInt(memory, DeviceLayouts.Port.ACTIVE_MTU)),
        mtuBytes(getInt(memory, DeviceLayouts.Port.MAX_MTU)),
        getInt(memory, DeviceLayouts.Port.GID_TBL_LEN),
        constant(Link.values(), memory.get(ValueLayout.JAVA_BYTE, DeviceLayouts.Port.LINK_LAYER)));
  }

  private static int getInt(MemorySegment memory, int offset) {
    return memory.get(ValueLayout.JAVA_INT, offset);
  }

  /** 1 stands for 256 bytes, and each further number for twice as many. */
  private static int mtuBytes(int code) {
    return code >= 1 && code <= 5 ? 1 << (SMALLEST_MTU_BITS + code) : 0;
  }

  private static <T> T constant(T[] values, int index) {
    return index >= 0 && index < values.length ? values[index] : values[0];
  }
}
