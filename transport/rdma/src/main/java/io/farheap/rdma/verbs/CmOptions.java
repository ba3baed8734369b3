package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.impl.NatObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Options of a connection that DiSNI leaves at the system's choice. */
public final class CmOptions {
  private static final NativeFunction SET_OPTION = Libraries.manager("rdma_set_option");

  // Values of <rdma/rdma_cma.h>.
  private static final int LEVEL_ID = 0;
  private static final int OPTION_ACK_TIMEOUT = 3;
  private static final int MOST_ACK_TIMEOUT = 31;

  private CmOptions() {}

  /**
   * Sets how long the device waits for an answer before it sends a request again, in place of the
   * system's choice, which is seconds on Ethernet. With the retry count it decides how soon a
   * request to a peer that is gone fails. The side that connects sets it for both, before it
   * resolves the route; later it does nothing. A retry count of 7 is without an end on soft-RoCE,
   * so 6 is the most that ends everywhere.
   *
   * @param id the connection
   * @param exponent stands for 4.096 µs times 2 to its power: 14 is 67 ms, 0 waits for ever
   * @throws VerbsException if the exponent is not from 0 to 31, or the system is older than Linux
   *     5.1
   */
  public static void ackTimeout(RdmaCmId id, int exponent) throws VerbsException {
    if (exponent < 0 || exponent > MOST_ACK_TIMEOUT) {
      throw new VerbsException(
          "an acknowledgement timeout of " + exponent + "; it must be from 0 to 31");
    }
    Handles.requireOpen("connection", id.isOpen());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_BYTE);
      value.set(ValueLayout.JAVA_BYTE, 0, (byte) exponent);
      SET_OPTION.check(
          ((NatObject) id).getObjId(), LEVEL_ID, OPTION_ACK_TIMEOUT, value.address(), 1);
    }
  }
}
