package io.farheap.broken;

import io.farheap.TestHeap;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.memory.NativeMemory;
import io.farheap.proof.Sabotage;
import io.farheap.proof.SimulationPlan;
import io.farheap.transport.FarMemory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Adds agents of each kind to a simulation, of which one breaks a rule. */
public final class RuleBreaker implements Sabotage {
  private static final long ONE_GENERATION = 1L << (Long.SIZE - 24);

  /** Words of one bit each. */
  static final long[] BITS = IntStream.range(0, Long.SIZE).mapToLong(bit -> 1L << bit).toArray();

  private static final long PATH_SELECTOR_FLAG = pathSelectorFlag();

  private final Rule broken;
  private final Meetings meetings = new Meetings();
  private RecordedSlabs slabs;
  private TestEvictor evictor;
  private TestEvacuator evacuator;
  private TestCompactor compactor;
  private TestRecycler recycler;
  private TestThread thread;
  private HeapMemory memory;
  private TestHeap heap;
  private SplittableRandom random;

  RuleBreaker(Rule broken) {
    this.broken = broken;
  }

  /** The additional agents, none of which breaks a rule. */
  public static Sabotage honest() {
    return new RuleBreaker(Rule.NONE);
  }

  @Override
  public FarMemory farMemory(FarMemory honest) {
    slabs =
        new RecordedSlabs(
            broken == Rule.FAR_MEMORY_ACKNOWLEDGES_WHAT_IT_HAS
                ? new EarlyAcknowledgement(honest)
                : honest);
    return slabs;
  }

  @Override
  public Agent agents(
      TestHeap testHeap, FarMemory farMemory, SimulationPlan plan, SplittableRandom seeded) {
    heap = testHeap;
    memory = heap.runtime().memory();
    random = seeded.split();
    evictor =
        new TestEvictor(memory, slabs, farMemory, plan.mode(), broken, random.split(), meetings);
    thread = new TestThread(heap, plan.slabs(), broken, random.split());
    evacuator = new TestEvacuator(memory, broken, random.split(), meetings, thread::localPage);
    compactor =
        new TestCompactor(
            memory, slabs, farMemory, broken, random.split(), meetings, thread::localPage);
    recycler = new TestRecycler(memory, broken);
    return this::step;
  }

  private int step() {
    if (broken == Rule.FLAG_CHANGES_ONLY_ON_THE_WAY_OUT) {
      flipFlags();
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      thread.doWork();
    }
    if (broken == Rule.CLEANED_SEGMENTS_ARE_NOT_RECYCLED) {
      letRecyclerHave();
    }
    return evictor.doWork()
        + evacuator.doWork()
        + compactor.doWork()
        + recycler.doWork()
        + heap.step();
  }

  /** Segments that are being cleaned look as if they were not. */
  private void letRecyclerHave() {
    SegmentTable segments = memory.segments();
    int count = SegmentTable.segmentOf(segments.pagesInSlabs());
    for (int segment = 0; segment < count; segment++) {
      if (segments.state(segment) == SegmentTable.State.CLEANING && random.nextInt(8) == 0) {
        segments.endCleaning(segment);
      }
    }
  }

  /** The bit of a page-table word that says which way misses go. */
  private static long pathSelectorFlag() {
    for (long bit : BITS) {
      if (PageWord.paging(bit)) {
        return bit;
      }
    }
    throw new AssertionError("no path selector flag");
  }

  /** While an object is on its way, sends all other misses by the paging path. */
  private void flipFlags() {
    if (!slabs.reading()) {
      return;
    }
    long pages = memory.segments().pagesInSlabs();
    for (long page = 0; page < pages; page++) {
      long word = memory.pageTable().load(page);
      if (PageWord.state(word) == PageWord.REMOTE && !PageWord.paging(word)) {
        long address = memory.pageTable().region().rawAddress() + page * Long.BYTES;
        NativeMemory.compareAndSetLong(address, word, word | PATH_SELECTOR_FLAG);
      }
    }
  }

  @Override
  public void rest(boolean on) {
    evictor.resting = on;
    evacuator.resting = on;
    compactor.resting = on;
    thread.rest(on);
  }

  @Override
  public Map<String, Integer> events() {
    return meetings.counts();
  }

  @Override
  public void freed(TestHeap testHeap, long handle) {
    if (broken != Rule.A_FREE_RAISES_THE_GENERATION) {
      return;
    }
    RecordTable records = memory.records();
    long index = Handle.index(handle);
    long word = records.loadOwner(index);
    if (OwnerWord.generation(word) == Handle.generation(handle) + 1) {
      long address = records.region().rawAddress() + index * RecordTable.RECORD_BYTES + Long.BYTES;
      NativeMemory.putLong(address, word - ONE_GENERATION);
    }
  }
}
