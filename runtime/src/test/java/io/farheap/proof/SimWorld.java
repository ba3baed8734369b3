package io.farheap.proof;

import io.farheap.Pin;
import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.allocator.Epochs;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.testing.faulty.FaultyMemory;
import io.farheap.transport.FarMemory;
import io.farheap.transport.embedded.EmbeddedMemory;
import io.farheap.transport.embedded.EmbeddedOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The heap of a simulation and what is around it: virtual time, a transport with faults, agents
 * that are stepped, and ballast, which are pinned objects that leave only a few frames to the rest.
 */
final class SimWorld implements AutoCloseable {
  private static final long NANOS_PER_LOOK = 100_000;
  private static final int QUIET_STEPS = 24;
  private static final int MOST_STEPS = 20_000;
  private static final int BALLAST_PAGES = 128;

  final VirtualClock clock = new VirtualClock(NANOS_PER_LOOK);
  final FaultyMemory faulty;
  final InterleavedMemory interleaved;
  final TestHeap heap;
  final HeapMemory memory;

  /** Whether nobody else acts while a fetch is under way. */
  boolean alone;

  private final Sabotage sabotage;
  private final Agent agents;
  private final int slabs;
  private final List<UniquePtr<byte[]>> ballast = new ArrayList<>();
  private final List<Pin> ballastPins = new ArrayList<>();

  SimWorld(SimulationPlan plan, Sabotage sabotage, SplittableRandom random) {
    long slabBytes = 1 << 20;
    this.slabs = plan.slabs();
    this.sabotage = sabotage;
    long farBytes = plan.slabs() * slabBytes;
    FarMemory honest =
        new EmbeddedMemory(
            new EmbeddedOptions(farBytes, slabBytes, plan.latencyNanos(), 0, false, clock));
    this.faulty = new FaultyMemory(sabotage.farMemory(honest), plan.faults(), clock);
    this.interleaved = new InterleavedMemory(faulty);
    this.heap =
        TestHeap.stepped(
            TestHeap.smallHeap()
                .farMemoryBytes(farBytes)
                .mode(plan.mode())
                .stripes(random.nextBoolean() ? 1 : 2)
                .frameWaitTimeout(Duration.ofMillis(30))
                .transportTimeout(Duration.ofMillis(10))
                .scopeWarning(Duration.ofHours(1))
                .slowFetchThreshold(Duration.ofHours(1))
                .lowWatermark("2.5%")
                .highWatermark("5%")
                .build(),
            clock,
            interleaved);
    this.memory = heap.runtime().memory();
    this.agents = sabotage.agents(heap, plan, random);
    takeBallast(memory.frames().frames() - plan.frames());
  }

  private void takeBallast(int pages) {
    for (int left = pages; left > 0; left -= BALLAST_PAGES) {
      int run = Math.min(left, BALLAST_PAGES);
      UniquePtr<byte[]> object = heap.allocate(new byte[run * PageWord.PAGE_BYTES - 8]);
      ballast.add(object);
      ballastPins.add(object.pin());
    }
  }

  /** What of the ballast lives, for an audit. */
  void addBallast(Collection<HeapAudit.Expected> live, Collection<Long> pinned) {
    for (UniquePtr<byte[]> object : ballast) {
      live.add(new HeapAudit.Expected(object.handle(), object.lengthBytes(), 1));
      pinned.add(object.handle());
    }
  }

  void dropBallast() {
    ballastPins.forEach(Pin::close);
    ballast.forEach(UniquePtr::free);
    ballastPins.clear();
    ballast.clear();
  }

  int step() {
    return agents.doWork();
  }

  /**
   * Steps the agents until there is nothing left for them to do. Nothing happens without a reason
   * from then on until {@link #resume}.
   */
  void drain() {
    sabotage.rest(true);
    int quiet = 0;
    for (int i = 0; i < MOST_STEPS && quiet < QUIET_STEPS; i++) {
      clock.advance(2_000_000);
      quiet = step() == 0 ? quiet + 1 : 0;
    }
    if (quiet < QUIET_STEPS) {
      throw new SimulationFailure("the agents find work for ever in a heap that nobody uses");
    }
  }

  void resume() {
    sabotage.rest(false);
  }

  /** Whether a miss now will find a frame and room in the log without waiting for anything. */
  boolean calm() {
    return memory.frames().free() > memory.frames().reserve() + 4
        && (memory.segments().freeSegments() > 2 || memory.segments().slabs() < slabs);
  }

  /** Whether this thread waits for a frame, for which it has stepped out of its scopes. */
  boolean outOfScopes() {
    Epochs epochs = memory.epochs();
    for (int slot = 0; slot < epochs.window(); slot++) {
      if (epochs.slotWord(slot) == Epochs.PARKED) {
        return true;
      }
    }
    return false;
  }

  /** State of the page that an object lies on. */
  int pageState(long handle) {
    long place = memory.records().loadPlace(Handle.index(handle));
    return PageWord.state(memory.pageTable().load(PlaceWord.page(place)));
  }

  /** Segment that an object lies in. */
  int segment(long handle) {
    long place = memory.records().loadPlace(Handle.index(handle));
    return SegmentTable.segmentOf(PlaceWord.page(place));
  }

  /** Whether so many neighbouring segments of one slab are free. */
  boolean hasFreeSegments(int wanted) {
    int perSlab = (int) (interleaved.slabBytes() / SegmentTable.SEGMENT_BYTES);
    int run = 0;
    int count = memory.segments().slabs() * perSlab;
    for (int segment = 0; segment < count; segment++) {
      run = segment % perSlab == 0 ? 0 : run;
      boolean free = segment > 0 && memory.segments().state(segment) == SegmentTable.State.FREE;
      run = free ? run + 1 : 0;
      if (run == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The frames that hold a page, for who looks for what is in the way. */
  String describeFrames() {
    StringBuilder text = new StringBuilder();
    for (int frame = 0; frame < memory.frames().frames(); frame++) {
      long page = memory.frameTable().page(frame);
      if (page != FrameTable.NO_PAGE) {
        long word = memory.pageTable().load(page);
        if (PageWord.state(word) != PageWord.BODY) {
          text.append("\n  frame ").append(frame).append(": page ").append(page).append(' ');
          text.append(PageWord.describe(word)).append(", pins ");
          text.append(memory.frameTable().pins(frame));
        }
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    heap.close();
  }
}
