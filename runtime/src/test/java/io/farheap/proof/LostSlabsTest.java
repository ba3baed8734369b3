package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.Handles;
import io.farheap.TestHeap;
import io.farheap.allocator.FramePool;
import io.farheap.allocator.PageWord;
import io.farheap.error.FarAccessException;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap whose memory server loses all slabs, and goes on with new ones. */
@Timeout(120)
class LostSlabsTest {
  private static final int OBJECTS = 12_000;
  private static final int LENGTH_BYTES = 600;
  private static final int PER_PAGE = PageWord.PAGE_BYTES / LENGTH_BYTES;
  private static final int STRIDE = 4999;
  private static final int LOSSES = 3;

  @Test
  void anObjectHasItsOwnBytesOrNone() {
    HeapOptions options = TestHeap.smallHeap().farMemoryBytes(16 << 20).build();
    LosingMemory memory =
        new LosingMemory(
            Transports.open(
                options.farLocator(),
                new TransportOptions(128 << 20, options.slabSizeBytes(), System::nanoTime)));
    try (TestHeap heap = new TestHeap(options, memory)) {
      Handles handles = heap.handles();
      long[] objects = new long[OBJECTS];
      for (int round = 0; round <= LOSSES; round++) {
        for (int i = 0; i < OBJECTS; i++) {
          if (objects[i] == 0) {
            objects[i] = handles.allocate(LENGTH_BYTES);
            fill(handles, objects[i], stamp(round, i));
          }
        }
        int whole = 0;
        for (int i = 0; i < OBJECTS; i++) {
          whole += hasOwnBytes(handles, objects[i], i) ? 1 : 0;
        }
        // What was local at a loss, and clean, is written again; only objects between pages' copies
        // and their slab's loss becoming known may go later.
        assertTrue(whole > OBJECTS * 3 / 4, whole + " in round " + round);
        memory.loseEverything();
        int lost = 0;
        for (int i = 0; i < OBJECTS; i++) {
          if (!hasOwnBytes(handles, objects[i], i)) {
            assertTrue(handles.isLost(objects[i]));
            handles.free(objects[i]);
            assertFalse(handles.isLost(objects[i]));
            objects[i] = 0;
            lost++;
          }
        }
        assertTrue(lost > OBJECTS / 2, "only " + lost + " objects were lost");
      }
    }
  }

  /** Objects whose only copy is local outlive writes to the slabs in the lost ones' place. */
  @Test
  void whatIsLocalStaysUntilItIsWrittenAnew() {
    VirtualClock clock = new VirtualClock(10_000);
    HeapOptions options =
        TestHeap.smallHeap()
            .farMemoryBytes(32 << 20)
            .mode(Mode.PAGING_ONLY)
            .readAhead(0)
            .lowWatermark("10%")
            .highWatermark("20%")
            .build();
    LosingMemory memory =
        new LosingMemory(
            Transports.open(
                options.farLocator(),
                new TransportOptions(128 << 20, options.slabSizeBytes(), clock)));
    try (TestHeap heap = TestHeap.stepped(options, clock, memory)) {
      Handles handles = heap.handles();
      long[] objects = new long[OBJECTS];
      for (int i = 0; i < OBJECTS; i++) {
        objects[i] = handles.allocate(LENGTH_BYTES);
        fill(handles, objects[i], i);
      }
      for (int n = 0; n < OBJECTS; n++) {
        int i =
            n * STRIDE % OBJECTS; // every slab has some that become local, and clean, and others
        assertTrue(hasOwnBytes(handles, objects[i], i));
      }
      memory.loseEverything();
      for (int i = 0; i < OBJECTS; i++) {
        assertTrue(handles.isLocal(objects[i]) || !hasOwnBytes(handles, objects[i], i));
      }
      List<Integer> local =
          IntStream.range(0, OBJECTS).filter(i -> handles.isLocal(objects[i])).boxed().toList();
      assertTrue(local.size() > OBJECTS / 20, "only " + local.size() + " are local");

      memory.failWrites = true;
      FramePool frames = heap.runtime().memory().frames();
      while (frames.free() > frames.reserve() + 4) {
        long _ = handles.allocate(LENGTH_BYTES);
      }
      turn(heap, clock);
      assertTrue(
          heap.runtime().stats().count(Counter.WRITE_FAILURES) > local.size() / PER_PAGE,
          "hardly a write failed");
      memory.failWrites = false;
      turn(heap, clock);
      for (int i = 0; i < OBJECTS; i++) {
        long _ = handles.allocate(LENGTH_BYTES);
      }
      for (int i : local) {
        assertTrue(hasOwnBytes(handles, objects[i], i), "object " + i + " is lost");
      }
    }
  }

  /** Lets the clock hand go round several times, whatever the evictor waits after a failure. */
  private static void turn(TestHeap heap, VirtualClock clock) {
    for (int i = 0; i < 2000; i++) {
      clock.advance(100_000_000);
      int _ = heap.step();
    }
  }

  private static long stamp(int round, int i) {
    return ((long) round << 32) | i;
  }

  private static void fill(Handles handles, long handle, long stamp) {
    for (int at = 0; at < LENGTH_BYTES; at += Long.BYTES) {
      handles.setLong(handle, at, stamp);
    }
  }

  /** False if it is lost; fails if it has another object's bytes, or nobody's. */
  private static boolean hasOwnBytes(Handles handles, long handle, int i) {
    try {
      long first = handles.getLong(handle, 0);
      assertEquals(i, (int) first);
      for (int at = 0; at < LENGTH_BYTES; at += Long.BYTES) {
        assertEquals(first, handles.getLong(handle, at));
      }
      return true;
    } catch (FarAccessException e) {
      assertFalse(e.isRetryable(), e::getMessage);
      return false;
    }
  }

  /** Fails what concerns slabs that were there at a loss, and other writes as it is told. */
  private static final class LosingMemory extends ForwardingMemory {
    private final Set<Long> there = ConcurrentHashMap.newKeySet();
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();
    volatile boolean failWrites;

    LosingMemory(FarMemory inner) {
      super(inner);
    }

    synchronized void loseEverything() {
      lost.addAll(there);
    }

    @Override
    public synchronized long allocateSlab() {
      long slab = super.allocateSlab();
      assertTrue(there.add(slab));
      return slab;
    }

    @Override
    public void submit(Transfer transfer) {
      if (lost.contains(transfer.slab())) {
        transfer.start();
        transfer.fail(new SlabLostException("slab " + transfer.slab() + " is lost on purpose"));
      } else if (failWrites && transfer.isWrite()) {
        transfer.start();
        transfer.fail(new ConnectionLostException("no write is taken, on purpose"));
      } else {
        super.submit(transfer);
      }
    }

    @Override
    public boolean poll(Transfer transfer) {
      return transfer.isComplete() || super.poll(transfer);
    }
  }
}
