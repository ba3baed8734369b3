package io.farheap.broken;

import io.farheap.TestHeap;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.options.Mode;
import io.farheap.proof.Sabotage;
import io.farheap.proof.SimulationPlan;
import io.farheap.transport.FarMemory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * What the spliced classes of a simulation turn to: who may act in their middle, chance, and the
 * heap. Classes have one simulation at a time.
 */
final class RuleBreaker implements Sabotage {
  private static final int MOST_STEPS = 32;
  private static final long NO_RECORD = 0;

  /** The simulation that is running; static, because static methods are all that is spliced in. */
  private static RuleBreaker now;

  final Meetings meetings = new Meetings();
  final Breaks breaks = new Breaks();
  private final Rule broken;
  private TestHeap heap;
  private Mode mode;
  private SplittableRandom random;
  private TestThread thread;
  private LongConsumer others = record -> {};
  private boolean resting;

  RuleBreaker(Rule broken) {
    this.broken = broken;
    now = this;
  }

  static RuleBreaker now() {
    return now;
  }

  @Override
  public FarMemory farMemory(FarMemory honest) {
    return broken == Rule.FAR_MEMORY_ACKNOWLEDGES_WHAT_IT_HAS
        ? new EarlyAcknowledgement(honest)
        : honest;
  }

  @Override
  public Agent agents(TestHeap testHeap, SimulationPlan plan, SplittableRandom seeded) {
    heap = testHeap;
    mode = plan.mode();
    random = seeded.split();
    thread = new TestThread(heap, plan.slabs(), random.split());
    return this::step;
  }

  @Override
  public void others(LongConsumer whoElse) {
    others = whoElse;
  }

  private int step() {
    for (int i = random.nextInt(4); i > 0; i--) {
      thread.doWork();
    }
    return heap.step();
  }

  /** Others act, above all on the object of a record; no agent does, one of which may be at it. */
  void othersMeet(long record) {
    if (chance(2)) {
      thread.meetCopy(record);
      others.accept(record);
    }
  }

  /** A page is about to be unmapped. */
  void threadMeetsUnmapping(long page) {
    if (chance(2)) {
      thread.meetUnmapping(page);
    }
  }

  /** Agents and others act, often for so long that a page can leave and its frame be another's. */
  void allAct() {
    if (chance(2)) {
      agentsAct();
    }
  }

  /** As {@link #allAct}, in any case. */
  void agentsAct() {
    for (int i = random.nextInt(MOST_STEPS); i > 0; i--) {
      int _ = heap.step();
      others.accept(NO_RECORD);
    }
  }

  /** The segment of an object of the thread in slow motion, or {@link SegmentTable#NONE}. */
  int threadsSegment() {
    return thread.segment();
  }

  HeapMemory memory() {
    return heap.runtime().memory();
  }

  Mode mode() {
    return mode;
  }

  boolean resting() {
    return resting;
  }

  /** True once in so many times, and never while the simulation rests. */
  boolean chance(int times) {
    return !resting && random.nextInt(times) == 0;
  }

  int random(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void rest(boolean on) {
    resting = on;
    thread.rest(on);
  }

  @Override
  public Map<String, Integer> events() {
    return meetings.counts();
  }
}
