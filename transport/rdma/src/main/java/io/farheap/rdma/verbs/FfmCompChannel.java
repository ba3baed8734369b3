package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where completion queues tell that they have completions. */
final class FfmCompChannel extends IbvCompChannel implements NatObject {
  private static final NativeFunction GET_EVENT = Libraries.verbs("ibv_get_cq_event");

  private final long rawAddress;
  private final Map<Long, FfmCq> queues = new ConcurrentHashMap<>();

  FfmCompChannel(long rawAddress, IbvContext context) throws IOException {
    super(RawMemory.getInt(rawAddress + QueueLayouts.Channel.FD), context);
    Abi.checkPointer(
        rawAddress,
        "completion channel",
        QueueLayouts.Channel.CONTEXT,
        "context",
        Handles.of(context));
    // Of two threads that see one event, the second must not wait for the next without a deadline.
    Descriptors.setNonBlocking(getFd());
    this.rawAddress = rawAddress;
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  void add(FfmCq queue) {
    queues.put(queue.getObjId(), queue);
  }

  void remove(FfmCq queue) {
    queues.remove(queue.getObjId());
  }

  /**
   * Takes one event.
   *
   * @param timeoutMillis how long to wait, without end if negative
   * @return whether there was one
   */
  boolean takeEvent(int timeoutMillis) throws VerbsException {
    Deadline deadline = Deadline.inMillis(timeoutMillis);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG, 2);
      while (Descriptors.awaitReadable(getFd(), deadline)) {
        int result = GET_EVENT.number(rawAddress, out.address(), out.address() + Long.BYTES);
        if (result == 0) {
          FfmCq queue = queues.get(out.get(ValueLayout.JAVA_LONG, 0));
          if (queue != null) {
            queue.eventTaken();
          }
          return true;
        }
        if (result != -ErrorNumbers.EAGAIN && result != -ErrorNumbers.EINTR) {
          throw new VerbsException("ibv_get_cq_event", -result);
        }
      }
      return false;
    }
  }
}
