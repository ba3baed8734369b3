package io.farheap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.FarAccessException;
import io.farheap.error.HeapClosedException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.Fetches;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;
import io.farheap.options.Mode;
import io.farheap.proof.ForwardingMemory;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that are brought in ahead of their use. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FetchAheadTest {
  private static final int PAGE_BODY = 4088;

  /** Twice what local memory holds. */
  private static final int OBJECTS = 1024;

  private static final int TOGETHER = 32;

  /** So few that frames are free for them while nobody who holds a scope gets on. */
  private static final int GATHERED = 8;

  private static HeapOptionsBuilder options(Mode mode) {
    return HeapOptions.builder()
        .isolated()
        .localMemory("2MiB")
        .farMemory("64MiB")
        .slabSizeBytes(1 << 20)
        .hugePages(false)
        .readAhead(0) // what is read ahead is not fetched ahead
        .mode(mode);
  }

  /** Objects with their number in front; half of them are far away once all are there. */
  private static long[] objects(Handles handles) {
    long[] objects = new long[OBJECTS];
    for (int i = 0; i < OBJECTS; i++) {
      objects[i] = handles.allocate(PAGE_BODY);
      handles.setLong(objects[i], 0, i);
      handles.setLong(objects[i], Long.BYTES, objects[i]);
    }
    return objects;
  }

  /** Some of the objects that are far away. */
  private static long[] far(TestHeap heap, long[] objects, int count) {
    long[] far =
        Arrays.stream(objects)
            .filter(o -> !heap.runtime().core().isLocal(o))
            .limit(count)
            .toArray();
    assertEquals(count, far.length, "so many are not far away");
    return far;
  }

  private static long misses(HeapStats stats) {
    return stats.count(Counter.PAGE_FETCHES) + stats.count(Counter.OBJECT_FETCHES);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatWasFetchedIsThere(Mode mode) throws Exception {
    try (TestHeap heap = new TestHeap(options(mode).build())) {
      long[] wanted = far(heap, objects(heap.handles()), TOGETHER);
      Fetches.start(heap.runtime().core(), wanted).get();
      long fetched = misses(heap.runtime().stats());
      assertTrue(fetched >= TOGETHER, () -> fetched + " misses");
      for (long object : wanted) {
        assertEquals(object, heap.handles().getLong(object, Long.BYTES));
      }
      assertEquals(fetched, misses(heap.runtime().stats()), "misses after the fetch");
      assertTrue(Fetches.start(heap.runtime().core(), wanted).isDone(), "nothing is left to do");
    }
  }

  @Test
  void pointersFetchToo() throws Exception {
    try (FarHeap heap = FarHeap.open(options(Mode.HYBRID).build())) {
      List<UniquePtr<byte[]>> pointers = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        byte[] value = new byte[PAGE_BODY];
        value[0] = (byte) i;
        pointers.add(heap.allocate(value));
      }
      pointers.getFirst().fetch().get();
      heap.fetchAll(pointers.subList(1, TOGETHER)).get();
      long fetched = misses(heap.stats());
      for (int i = 0; i < TOGETHER; i++) {
        assertEquals((byte) i, pointers.get(i).get()[0]);
      }
      assertEquals(fetched, misses(heap.stats()));
      pointers.getFirst().free();
      assertThrows(SpentPointerException.class, () -> pointers.getFirst().fetch());
      pointers.forEach(UniquePtr::close);
    }
  }

  /** Lets nobody have what it waits for until all have asked. */
  private static final class AllAtOnce extends ForwardingMemory {
    private volatile CountDownLatch gate = new CountDownLatch(0);

    AllAtOnce(FarMemory inner) {
      super(inner);
    }

    void gather(int transfers) {
      gate = new CountDownLatch(transfers);
    }

    @Override
    public void submit(Transfer transfer) {
      boolean read = !transfer.isWrite();
      super.submit(transfer);
      if (read) {
        gate.countDown();
      }
    }

    @Override
    public void await(Transfer transfer, long deadlineNanos) {
      if (!transfer.isWrite()) {
        try {
          assertTrue(gate.await(30, TimeUnit.SECONDS), "the others are not under way");
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      super.await(transfer, deadlineNanos);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void missesAreUnderWayTogether(Mode mode) throws Exception {
    TransportOptions far =
        TransportOptions.defaults().withSlabBytes(1 << 20).withCapacityBytes(64 << 20);
    AllAtOnce memory = new AllAtOnce(Transports.open("embedded:", far));
    try (TestHeap heap = new TestHeap(options(mode).build(), memory)) {
      long[] wanted = far(heap, objects(heap.handles()), GATHERED);
      memory.gather(GATHERED);
      Fetches.start(heap.runtime().core(), wanted).get();
      for (long object : wanted) {
        assertEquals(object, heap.handles().getLong(object, Long.BYTES));
      }
    }
  }

  /** Lets no read come while it stalls. */
  private static final class Stalling extends ForwardingMemory {
    private volatile boolean stalled;

    Stalling(FarMemory inner) {
      super(inner);
    }

    @Override
    public void submit(Transfer transfer) {
      if (stalled && !transfer.isWrite()) {
        transfer.start();
      } else {
        super.submit(transfer);
      }
    }

    @Override
    public boolean poll(Transfer transfer) {
      return transfer.isComplete() || (!stalled && super.poll(transfer));
    }

    @Override
    public void await(Transfer transfer, long deadlineNanos) {
      if (stalled && !transfer.isComplete()) {
        fence(transfer);
        throw transfer.failure();
      }
      super.await(transfer, deadlineNanos);
    }

    @Override
    public void fence(Transfer transfer) {
      if (stalled && !transfer.isComplete()) {
        transfer.fail(new TransportTimeoutException("stalled"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void anAttemptGivesUpAndLeavesNothingBehind(Mode mode) {
    TransportOptions far =
        TransportOptions.defaults().withSlabBytes(1 << 20).withCapacityBytes(64 << 20);
    Stalling memory = new Stalling(Transports.open("embedded:", far));
    try (TestHeap heap = new TestHeap(options(mode).build(), memory)) {
      long[] wanted = far(heap, objects(heap.handles()), GATHERED);
      memory.stalled = true;
      assertFalse(heap.handles().tryFetch(Duration.ofSeconds(1), wanted));
      FarAccessException failed =
          assertThrows(FarAccessException.class, () -> heap.handles().fetch(wanted));
      assertTrue(failed.isRetryable());
      memory.stalled = false;
      heap.handles().fetch(wanted);
      for (long object : wanted) {
        assertEquals(object, heap.handles().getLong(object, Long.BYTES));
      }
    }
  }

  /** Fails to send what one thread has asked for, once. */
  private static final class Unsendable extends ForwardingMemory {
    private volatile Thread failing;

    Unsendable(FarMemory inner) {
      super(inner);
    }

    @Override
    public void flush() {
      if (Thread.currentThread().equals(failing)) {
        failing = null;
        throw new IllegalStateException("not sent");
      }
      super.flush();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatCannotBeSentLeavesNothingUnderWay(Mode mode) {
    TransportOptions far =
        TransportOptions.defaults().withSlabBytes(1 << 20).withCapacityBytes(64 << 20);
    Unsendable memory = new Unsendable(Transports.open("embedded:", far));
    try (TestHeap heap = new TestHeap(options(mode).build(), memory)) {
      long[] wanted = far(heap, objects(heap.handles()), GATHERED);
      memory.failing = Thread.currentThread();
      assertThrows(IllegalStateException.class, () -> heap.handles().fetch(wanted));
      for (long object : wanted) {
        assertEquals(object, heap.handles().getLong(object, Long.BYTES));
      }
    }
  }

  @Test
  void moreThanLocalMemoryHoldsComesAndGoes() throws Exception {
    try (FarHeap heap = FarHeap.open(options(Mode.HYBRID).build())) {
      long[] objects = objects(heap.handles());
      heap.fetchAll(objects).get();
      for (int i = 0; i < OBJECTS; i++) {
        assertEquals(i, heap.handles().getLong(objects[i], 0));
      }
    }
  }

  @Test
  void whatNamesNothingFailsTheFetchAndNothingElse() throws Exception {
    try (FarHeap heap = FarHeap.open(options(Mode.HYBRID).build())) {
      long[] objects = objects(heap.handles());
      heap.handles().free(objects[3]);
      CompletableFuture<Void> fetch = heap.fetchAll(objects);
      ExecutionException failed = assertThrows(ExecutionException.class, fetch::get);
      assertInstanceOf(StaleHandleException.class, failed.getCause());
      assertEquals(5, heap.handles().getLong(objects[5], 0));
    }
  }

  @Test
  void aClosedHeapFailsTheFetch() {
    FarHeap heap = FarHeap.open(options(Mode.HYBRID).build());
    long[] objects = objects(heap.handles());
    heap.close();
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> heap.fetchAll(objects).get());
    assertInstanceOf(HeapClosedException.class, failed.getCause());
  }
}
