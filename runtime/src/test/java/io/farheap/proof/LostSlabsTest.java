package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarAccessException;
import io.farheap.Handles;
import io.farheap.HeapOptions;
import io.farheap.TestHeap;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap whose memory server loses all slabs, and goes on with new ones. */
@Timeout(120)
class LostSlabsTest {
  private static final int OBJECTS = 12_000;
  private static final int LENGTH_BYTES = 600;
  private static final int LOSSES = 3;

  @Test
  void anObjectHasItsOwnBytesOrNone() {
    HeapOptions options =
        TestHeap.smallHeap(System::nanoTime, true).farMemoryBytes(16 << 20).build();
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

  /** Fails what concerns slabs that were there at a loss. */
  private static final class LosingMemory extends ForwardingMemory {
    private final Set<Long> there = ConcurrentHashMap.newKeySet();
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();

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
