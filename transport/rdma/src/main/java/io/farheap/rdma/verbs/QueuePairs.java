package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvQP;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Changes and asks the state of queue pairs. */
public final class QueuePairs {
  private static final NativeFunction MODIFY = Libraries.verbs("ibv_modify_qp");
  private static final NativeFunction QUERY = Libraries.verbs("ibv_query_qp");

  private static final int MASK_STATE = 1;

  private QueuePairs() {}

  /**
   * Stops a queue pair: its requests complete as flushed, and the other side's no longer reach this
   * side's memory.
   *
   * @param pair the queue pair
   * @throws VerbsException if the device refuses
   */
  public static void toError(IbvQP pair) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(QueueLayouts.Attributes.BYTES, Long.BYTES);
      attributes.set(ValueLayout.JAVA_INT, QueueLayouts.Attributes.QP_STATE, IbvQP.IBV_QPS_ERR);
      MODIFY.check(Handles.of(pair), attributes.address(), MASK_STATE);
    }
  }

  /**
   * Asks the device for the state of a queue pair.
   *
   * @param pair the queue pair
   * @return a value of {@code IbvQP.IBV_QPS_}
   * @throws VerbsException if the device refuses
   */
  public static int state(IbvQP pair) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(QueueLayouts.Attributes.BYTES, Long.BYTES);
      MemorySegment initial = arena.allocate(QueueLayouts.InitAttributes.BYTES, Long.BYTES);
      QUERY.check(Handles.of(pair), attributes.address(), MASK_STATE, initial.address());
      return attributes.get(ValueLayout.JAVA_INT, QueueLayouts.Attributes.QP_STATE);
    }
  }
}
