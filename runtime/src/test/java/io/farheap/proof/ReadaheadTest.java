package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.TestHeap;
import io.farheap.allocator.Handle;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.error.FarAccessException;
import io.farheap.options.HeapOptionsBuilder;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.testing.faulty.FaultPlan;
import io.farheap.testing.faulty.FaultyMemory;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.embedded.EmbeddedMemory;
import io.farheap.transport.embedded.EmbeddedOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over eight times the local budget whose pages come in before they are asked for. */
class ReadaheadTest {
  private static final long FAR_BYTES = 64 << 20;
  private static final long SLAB_BYTES = 1 << 20;
  private static final long LATENCY_NANOS = 20_000;
  private static final long TIMEOUT_NANOS = 2_000_000;

  /**
   * Objects that fill a page each, so that an object's number is its page's, but for a constant.
   */
  private static final int BODY_BYTES = 4088;

  private static final int OBJECTS = 8 * 512;
  private static final int MOST_ATTEMPTS = 200;

  private VirtualClock clock = new VirtualClock(100);

  /** Far memory that loses everything from a certain read on, until it is told to go on. */
  private static final class StuckMemory extends ForwardingMemory {
    private final FaultyMemory faulty;
    private final List<Transfer> reads = new ArrayList<>();
    private int stuckFrom = Integer.MAX_VALUE;
    int openAtClose = -1;

    StuckMemory(FaultyMemory faulty) {
      super(faulty);
      this.faulty = faulty;
      faulty.setEnabled(false);
    }

    @Override
    public void submit(Transfer transfer) {
      if (!transfer.isWrite()) {
        faulty.setEnabled(reads.size() >= stuckFrom);
        reads.add(transfer);
      }
      super.submit(transfer);
    }

    /** The so many-th read from now on is the first that gets lost. */
    void getStuckAfter(int more) {
      stuckFrom = reads.size() + more;
    }

    void getGoing() {
      stuckFrom = Integer.MAX_VALUE;
      faulty.setEnabled(false);
    }

    int open() {
      return (int) reads.stream().filter(t -> t.state() == Transfer.IN_FLIGHT).distinct().count();
    }

    @Override
    public void close() {
      openAtClose = open();
      super.close();
    }
  }

  private FarMemory embedded() {
    return new EmbeddedMemory(
        new EmbeddedOptions(FAR_BYTES, SLAB_BYTES, LATENCY_NANOS, 0, false, clock));
  }

  private StuckMemory stuckMemory() {
    return new StuckMemory(new FaultyMemory(embedded(), FaultPlan.none(1).withDrop(1), clock));
  }

  private HeapOptionsBuilder options(Mode mode, int readAhead) {
    return TestHeap.smallHeap()
        .farMemoryBytes(FAR_BYTES)
        .mode(mode)
        .evacuation(false)
        .readAhead(readAhead)
        .transportTimeout(Duration.ofNanos(TIMEOUT_NANOS));
  }

  private static List<Long> populate(TestHeap heap) {
    List<Long> handles = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      handles.add(heap.handles().allocate(BODY_BYTES));
      heap.handles().setLong(handles.get(i), 0, i);
      heap.handles().setLong(handles.get(i), BODY_BYTES - Long.BYTES, ~i);
      heap.step();
    }
    return handles;
  }

  private static void read(TestHeap heap, List<Long> handles, int i) {
    byte[] bytes = new byte[BODY_BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    heap.handles().read(handles.get(i), 0, segment);
    assertEquals(i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), "first word");
    assertEquals(
        ~i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, BODY_BYTES - Long.BYTES), "last word");
    heap.step();
  }

  private static void pass(TestHeap heap, List<Long> handles) {
    for (int i = 0; i < OBJECTS; i++) {
      read(heap, handles, i);
    }
  }

  /** Reads so many objects in the order that nothing is read ahead of. */
  private static void passBack(TestHeap heap, List<Long> handles, int from, int count) {
    for (int i = from; i > from - count; i--) {
      read(heap, handles, i);
    }
  }

  private static long count(TestHeap heap, Counter counter) {
    return heap.runtime().stats().count(counter);
  }

  private static long word(TestHeap heap, long handle) {
    long place = heap.runtime().memory().records().loadPlace(Handle.index(handle));
    return heap.runtime().memory().pageTable().load(PlaceWord.page(place));
  }

  private void audit(TestHeap heap, List<Long> handles) {
    for (int i = 0; i < 1000; i++) {
      clock.advance(TIMEOUT_NANOS);
      heap.step();
    }
    List<HeapAudit.Expected> live = new ArrayList<>();
    handles.forEach(handle -> live.add(new HeapAudit.Expected(handle, BODY_BYTES, 1)));
    HeapAudit.check(heap.runtime().memory(), live, List.of());
  }

  /** Virtual time of a pass; nothing is measured, so it is the same on every machine. */
  private long nanosOfAPass(int readAhead) {
    try (TestHeap heap =
        TestHeap.stepped(options(Mode.PAGING_ONLY, readAhead).build(), clock, embedded())) {
      List<Long> handles = populate(heap);
      pass(heap, handles);
      long fetchesBefore = count(heap, Counter.PAGE_FETCHES);
      long start = clock.getAsLong();
      pass(heap, handles);
      long nanos = clock.getAsLong() - start;
      long fetches = count(heap, Counter.PAGE_FETCHES) - fetchesBefore;
      if (readAhead == 0) {
        assertEquals(0, count(heap, Counter.PAGES_READ_AHEAD));
        assertTrue(fetches > OBJECTS * 9 / 10, fetches + " fetches");
      } else {
        assertTrue(fetches < OBJECTS / 8, fetches + " of " + OBJECTS + " pages were waited for");
        long ahead = count(heap, Counter.PAGES_READ_AHEAD);
        long used = count(heap, Counter.PAGES_READ_AHEAD_USED);
        assertTrue(used > ahead * 19 / 20, "only " + used + " of " + ahead + " pages were used");
      }
      audit(heap, handles);
      return nanos;
    }
  }

  @Test
  void passOverAllPagesWaitsForFewOfThem() {
    long without = nanosOfAPass(0);
    long with = nanosOfAPass(16);
    assertTrue(with < without / 3, with + " ns with readahead, " + without + " without");
  }

  @Test
  void nothingIsReadAheadOfMissesThatDoNotFollowEachOther() {
    try (TestHeap heap =
        TestHeap.stepped(options(Mode.PAGING_ONLY, 16).build(), clock, embedded())) {
      List<Long> handles = populate(heap);
      passBack(heap, handles, OBJECTS - 1, OBJECTS);
      for (int stride = 0; stride < 64; stride++) {
        for (int i = stride; i < OBJECTS; i += 64) {
          read(heap, handles, i);
        }
      }
      assertTrue(count(heap, Counter.PAGE_FETCHES) > OBJECTS);
      assertEquals(0, count(heap, Counter.PAGES_READ_AHEAD));
    }
  }

  @Test
  void pagesThatNobodyUsesGoOutCleanAndKeepTheirPath() {
    try (TestHeap heap = TestHeap.stepped(options(Mode.HYBRID, 16).build(), clock, embedded())) {
      List<Long> handles = populate(heap);
      passBack(heap, handles, OBJECTS - 1, OBJECTS);
      passBack(heap, handles, OBJECTS - 1, OBJECTS / 2);
      int first = 100;
      for (int i = first; i < first + 4; i++) {
        long word = word(heap, handles.get(i));
        assertTrue(
            PageWord.state(word) == PageWord.REMOTE && PageWord.paging(word),
            "wrong setup: " + PageWord.describe(word));
      }
      read(heap, handles, first);
      read(heap, handles, first + 1);
      clock.advance(LATENCY_NANOS);
      heap.step();
      assertEquals(2, count(heap, Counter.PAGES_READ_AHEAD));
      for (int i = first + 2; i < first + 4; i++) {
        long word = word(heap, handles.get(i));
        assertTrue(
            PageWord.state(word) == PageWord.LOCAL && !PageWord.referenced(word),
            PageWord.describe(word));
      }
      passBack(heap, handles, OBJECTS - 1, OBJECTS / 2);
      for (int i = first + 2; i < first + 4; i++) {
        long word = word(heap, handles.get(i));
        assertTrue(
            PageWord.state(word) == PageWord.REMOTE && PageWord.paging(word),
            PageWord.describe(word));
      }
      assertEquals(0, count(heap, Counter.PAGES_READ_AHEAD_USED));
      audit(heap, handles);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void failedAndLostReadsCostNothingButTime(long seed) {
    clock = new VirtualClock(TIMEOUT_NANOS / 20); // so that what is lost is soon overdue
    FaultPlan faults =
        FaultPlan.none(seed).withFail(0.03).withDrop(0.02).withReorder(0.3).withDelay(0.2, 8, 0);
    FaultyMemory faulty = new FaultyMemory(embedded(), faults, clock);
    try (TestHeap heap = TestHeap.stepped(options(Mode.PAGING_ONLY, 16).build(), clock, faulty)) {
      List<Long> handles = populate(heap);
      int failures = 0;
      for (int i = 0; i < OBJECTS; i++) {
        for (int attempt = 0; ; attempt++) {
          try {
            read(heap, handles, i);
            break;
          } catch (FarAccessException e) {
            failures++;
            assertTrue(e.isRetryable() && attempt < MOST_ATTEMPTS, e::toString);
          }
        }
      }
      assertTrue(count(heap, Counter.PAGES_READ_AHEAD) > OBJECTS / 2);
      assertTrue(count(heap, Counter.FETCH_FAILURES) > failures, "no read ahead failed");
      faulty.setEnabled(false);
      audit(heap, handles);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** Makes two misses; what is read ahead of the second one does not come, nor any later read. */
  private void getStuck(TestHeap heap, StuckMemory farMemory, List<Long> handles) {
    read(heap, handles, 100);
    farMemory.getStuckAfter(1);
    read(heap, handles, 101);
    assertEquals(2, farMemory.open(), "reads under way");
    assertEquals(PageWord.FETCHING, PageWord.state(word(heap, handles.get(102))));
    assertEquals(PageWord.FETCHING, PageWord.state(word(heap, handles.get(103))));
  }

  @Test
  void agentGivesUpWhatIsOverdue() {
    StuckMemory farMemory = stuckMemory();
    try (TestHeap heap =
        TestHeap.stepped(options(Mode.PAGING_ONLY, 16).build(), clock, farMemory)) {
      List<Long> handles = populate(heap);
      getStuck(heap, farMemory, handles);
      heap.step();
      assertEquals(2, farMemory.open());
      clock.advance(TIMEOUT_NANOS);
      heap.step();
      assertEquals(0, farMemory.open());
      assertEquals(PageWord.REMOTE, PageWord.state(word(heap, handles.get(102))));
      assertEquals(2, count(heap, Counter.FETCH_FAILURES));
      farMemory.getGoing();
      pass(heap, handles);
      audit(heap, handles);
    }
  }

  @Test
  void readerGivesUpWhatIsOverdueAndFetchesThePageItself() {
    StuckMemory farMemory = stuckMemory();
    try (TestHeap heap =
        TestHeap.stepped(options(Mode.PAGING_ONLY, 16).build(), clock, farMemory)) {
      List<Long> handles = populate(heap);
      getStuck(heap, farMemory, handles);
      long failuresBefore = count(heap, Counter.FETCH_FAILURES);
      try {
        read(heap, handles, 102);
        throw new AssertionError("a read came from nowhere");
      } catch (FarAccessException e) {
        assertTrue(e.isRetryable(), e::toString);
      }
      assertTrue(count(heap, Counter.FETCH_FAILURES) >= failuresBefore + 2);
      farMemory.getGoing();
      pass(heap, handles);
      audit(heap, handles);
    }
  }

  @Test
  void closingTheHeapEndsWhatIsUnderWayBeforeItsMemoryGoes() {
    StuckMemory farMemory = stuckMemory();
    try (TestHeap heap =
        TestHeap.stepped(options(Mode.PAGING_ONLY, 16).build(), clock, farMemory)) {
      getStuck(heap, farMemory, populate(heap));
    }
    assertEquals(0, farMemory.openAtClose, "reads under way into memory that is gone");
  }
}
