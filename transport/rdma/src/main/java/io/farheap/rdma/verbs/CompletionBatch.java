package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvCQ;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Takes completions from a queue, read in place. No call allocates. A batch belongs to one thread
 * at a time; a queue may have several.
 */
public final class CompletionBatch {
  /** The status of a request that was done. */
  public static final int SUCCESS = 0;

  /** The status of a request that was given up, because one before it failed. */
  public static final int FLUSHED = 5;

  /** The status of a request whose remote key, range or right was not accepted. */
  public static final int REMOTE_ACCESS = 10;

  /** The status of a request that the other side did not answer. */
  public static final int RETRY_EXCEEDED = 12;

  /** The status of a SEND for which the other side posted no receive request. */
  public static final int RECEIVER_NOT_READY = 13;

  private final IbvCQ queue;
  private final long queueAddress;
  private final DeviceFunctions functions;
  private final int capacity;
  private final MemorySegment memory;
  private int count;

  /**
   * Makes room for completions.
   *
   * @param queue the queue, of either provider
   * @param capacity the most completions of one poll
   * @throws VerbsException if the queue is closed or the capacity is not positive
   */
  public CompletionBatch(IbvCQ queue, int capacity) throws VerbsException {
    if (capacity <= 0) {
      throw new VerbsException("a batch of " + capacity + " completions; give at least 1");
    }
    this.queue = queue;
    this.queueAddress = Handles.of(queue);
    this.functions =
        DeviceFunctions.of(RawMemory.getLong(queueAddress + QueueLayouts.CompletionQueue.CONTEXT));
    this.capacity = capacity;
    this.memory =
        Arena.ofAuto().allocate((long) capacity * RequestLayouts.Completion.BYTES, Long.BYTES);
  }

  /**
   * Takes what is there, in the order of completion.
   *
   * @return how many completions can be read now, 0 if there was none
   * @throws VerbsException if the queue overflowed or is broken in another way
   */
  public int poll() throws VerbsException {
    count = 0;
    Handles.requireOpen("completion queue", queue.isOpen());
    int found = NativeCalls.poll(functions.pollQueue(), queueAddress, capacity, memory);
    if (found < 0) {
      throw new VerbsException("ibv_poll_cq", -found);
    }
    count = found;
    return found;
  }

  /**
   * Asks for an event on the queue's channel at the next completion. What completed before is not
   * told, so poll once more after it.
   *
   * @throws VerbsException if the device refuses
   */
  public void requestNotification() throws VerbsException {
    Handles.requireOpen("completion queue", queue.isOpen());
    int result = NativeCalls.requestNotification(functions.requestNotification(), queueAddress, 0);
    if (result != 0) {
      throw new VerbsException("ibv_req_notify_cq", Math.abs(result));
    }
  }

  /**
   * The id of the request that completed.
   *
   * @param index place in the last poll
   * @return the id as it was posted
   */
  public long workRequestId(int index) {
    return memory.get(ValueLayout.JAVA_LONG, at(index) + RequestLayouts.Completion.WR_ID);
  }

  /**
   * How the request ended.
   *
   * @param index place in the last poll
   * @return a value of {@code IBV_WC_}, 0 if it was done
   */
  public int status(int index) {
    return getInt(index, RequestLayouts.Completion.STATUS);
  }

  /**
   * What the request did; undefined unless it was done.
   *
   * @param index place in the last poll
   * @return a value of {@code IbvWC.IbvWcOpcode}
   */
  public int opcode(int index) {
    return getInt(index, RequestLayouts.Completion.OPCODE);
  }

  /**
   * How much was received, read or fetched; undefined unless the request was done.
   *
   * @param index place in the last poll
   * @return length in bytes
   */
  public int lengthBytes(int index) {
    return getInt(index, RequestLayouts.Completion.BYTE_LEN);
  }

  /**
   * The device's own code of a failure.
   *
   * @param index place in the last poll
   * @return a number that the device's maker knows
   */
  public int vendorError(int index) {
    return getInt(index, RequestLayouts.Completion.VENDOR_ERR);
  }

  /**
   * The local queue pair of the request.
   *
   * @param index place in the last poll
   * @return its number
   */
  public int queuePair(int index) {
    return getInt(index, RequestLayouts.Completion.QP_NUM);
  }

  private int getInt(int index, int field) {
    return memory.get(ValueLayout.JAVA_INT, at(index) + field);
  }

  private long at(int index) {
    return (long) Objects.checkIndex(index, count) * RequestLayouts.Completion.BYTES;
  }
}
