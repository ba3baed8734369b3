package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.DerefScope;
import io.farheap.Handles;
import io.farheap.TestHeap;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.Transports;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fetch that fails, and whose fence fails too: its bytes come when nobody expects them. */
@Timeout(120)
class UnfencedFetchTest {
  private static final int OBJECTS = 2_000;
  private static final int LENGTH_BYTES = 4_000;
  private static final int LARGE_BYTES = 100_000;
  private static final int RANGE_OFFSET = 50_000;

  private final HeapOptions options =
      TestHeap.smallHeap()
          .farMemoryBytes(16 << 20)
          .mode(Mode.PAGING_ONLY)
          .readAhead(0)
          .evacuation(false)
          .build();
  private final LateMemory memory =
      new LateMemory(
          Transports.open(
              options.farLocator(),
              new TransportOptions(16 << 20, options.slabSizeBytes(), System::nanoTime)));

  /** Objects that hold their number; the first of them are far. */
  private static long[] fill(Handles handles) {
    long[] objects = new long[OBJECTS];
    for (int i = 0; i < OBJECTS; i++) {
      objects[i] = handles.allocate(LENGTH_BYTES);
      handles.setLong(objects[i], 0, i);
    }
    return objects;
  }

  private static void check(Handles handles, long[] objects) {
    for (int i = 0; i < OBJECTS; i++) {
      assertEquals(i, handles.getLong(objects[i], 0));
    }
  }

  /** From the last that came in on: those are local, and would show what was overwritten. */
  private static void checkBackwards(Handles handles, long[] objects) {
    for (int i = OBJECTS - 1; i >= 0; i--) {
      assertEquals(i, handles.getLong(objects[i], 0));
    }
  }

  @Test
  void bytesThatComeLateReachNobodysPage() {
    try (TestHeap heap = new TestHeap(options, memory)) {
      Handles handles = heap.handles();
      long[] objects = fill(handles);
      try (DerefScope scope = heap.enter()) {
        memory.failNextRead();
        assertThrows(StackOverflowError.class, () -> handles.deref(scope, objects[0]));
        check(handles, objects);
        memory.deliver();
        checkBackwards(handles, objects);
        assertEquals(0, handles.deref(scope, objects[0]).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
      }
    }
  }

  @Test
  void bytesOfARangeThatComeLateReachNobodysPage() {
    try (TestHeap heap = new TestHeap(options, memory)) {
      Handles handles = heap.handles();
      long large = handles.allocate(LARGE_BYTES);
      handles.setLong(large, RANGE_OFFSET, -1);
      long[] objects = fill(handles);
      MemorySegment range = MemorySegment.ofArray(new long[1]);
      memory.failNextRead();
      assertThrows(StackOverflowError.class, () -> handles.read(large, RANGE_OFFSET, range));
      check(handles, objects);
      memory.deliver();
      checkBackwards(handles, objects);
      handles.read(large, RANGE_OFFSET, range);
      assertEquals(-1, range.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    }
  }

  /** Throws while one read is waited for and fenced the first time, and carries it out later. */
  private static final class LateMemory extends ForwardingMemory {
    private final FarMemory inner;
    private boolean failNext;
    private boolean failFence;
    private Transfer late;
    private Transfer shadow;

    LateMemory(FarMemory inner) {
      super(inner);
      this.inner = inner;
    }

    void failNextRead() {
      failNext = true;
    }

    void deliver() {
      inner.submit(shadow);
    }

    @Override
    public void submit(Transfer transfer) {
      if (failNext && !transfer.isWrite()) {
        failNext = false;
        failFence = true;
        transfer.start();
        late = transfer;
        shadow =
            new Transfer()
                .read(
                    transfer.slab(),
                    transfer.slabOffset(),
                    transfer.rawAddress(),
                    transfer.lengthBytes());
      } else {
        super.submit(transfer);
      }
    }

    @Override
    public void await(Transfer transfer, long deadlineNanos) {
      if (transfer == late) {
        throw new StackOverflowError("on purpose");
      }
      super.await(transfer, deadlineNanos);
    }

    @Override
    public void fence(Transfer transfer) {
      if (failFence && transfer == late) {
        failFence = false;
        throw new StackOverflowError("on purpose");
      }
      if (transfer == late) {
        late = null;
        transfer.fail(TransportTimeoutException.fenced(transfer));
        return;
      }
      super.fence(transfer);
    }
  }
}
