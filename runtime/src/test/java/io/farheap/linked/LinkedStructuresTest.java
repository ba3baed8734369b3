package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.HeapInside;
import io.farheap.TestHeap;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.internal.HeapRuntime;
import io.farheap.options.HeapOptions;
import io.farheap.proof.HeapAudit;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lists, trees and hash maps of a million nodes under an eighth of their bytes in local memory. Two
 * threads change structures of their own, each compared with a twin on the Java heap, and search a
 * tree that both share, while agents evict and evacuate; then everything is compared and recounted.
 * The threads' choices follow from the seed that is printed on failure, their order does not.
 */
final class LinkedStructuresTest {
  private static final long SEED = Long.getLong("farheap.seed", 20261121);
  private static final int NODE_BYTES = ObjectHeader.footprint(Nodes.BODY_BYTES);
  private static final int THREADS = 2;

  /** A tenth of the nodes in the shared tree, the others in three structures of each thread. */
  private static final int SHARES = 10;

  private static final int SHARES_PER_STRUCTURE = 3;
  private static final int NODES_PER_TABLE = 1000;
  private static final int SHARED_LOOK_UPS = 2;
  private static final long IDLE_NANOS = 20_000;
  private static final int MOST_STEPS_TO_REST = 1_000_000;
  private static final int IDLE_STEPS = 50_000;
  private static final int MOST_AUDITS = 10;

  @Test
  void aMillionNodesAgreeWithTheirTwins() throws InterruptedException {
    run(
        Integer.getInteger("farheap.nodes", 1_000_000),
        Long.getLong("farheap.operations", 300_000));
  }

  @Test
  @Tag("soak")
  void moreNodesAgreeWithTheirTwinsForLong() throws InterruptedException {
    run(
        Integer.getInteger("farheap.nodes", 3_000_000),
        Long.getLong("farheap.operations", 30_000_000));
  }

  private static void run(int nodes, long operations) throws InterruptedException {
    long liveBytes = (long) nodes * NODE_BYTES;
    HeapOptions options =
        TestHeap.smallHeap().localMemoryBytes(liveBytes / 8).farMemoryBytes(4 * liveBytes).build();
    try (FarHeap heap = HeapInside.openStepped(options)) {
      HeapRuntime runtime = HeapInside.of(heap);
      List<TwinnedStructure> all = new ArrayList<>();
      try (Agents agents = new Agents(runtime)) {
        try {
          work(heap, nodes, operations, all);
        } finally {
          agents.rethrow(); // what went wrong there comes before what it led to
        }
      }
      printStatistics(nodes, heap.stats());
      recount(runtime, all);
      all.forEach(TwinnedStructure::freeAll);
      runtime.memory().sealLogs();
      audit(runtime, List.of());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("repeat with -Dfarheap.seed=" + SEED + ": " + e, e);
    }
  }

  private static void work(FarHeap heap, int nodes, long operations, List<TwinnedStructure> all)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    TwinnedTree shared = new TwinnedTree(heap, random.split(), 2L * nodes / SHARES);
    shared.build(nodes / SHARES);
    all.add(shared);
    int perStructure = nodes / SHARES * SHARES_PER_STRUCTURE / THREADS;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = random.split();
      List<TwinnedStructure> structures =
          List.of(
              new TwinnedList(heap, own),
              new TwinnedTree(heap, own, 2L * perStructure),
              new TwinnedChains(
                  heap, own, 2L * perStructure, Math.max(1, perStructure / NODES_PER_TABLE)));
      all.addAll(structures);
      threads.add(
          Thread.ofPlatform()
              .name("changer-" + i)
              .unstarted(
                  () -> {
                    try {
                      change(structures, perStructure, operations / THREADS, shared, own);
                    } catch (Throwable t) {
                      failure.compareAndSet(null, t);
                    }
                  }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("a thread failed: " + failure.get(), failure.get());
    }
    shared.compare();
  }

  private static void change(
      List<TwinnedStructure> structures,
      int nodesEach,
      long operations,
      TwinnedTree shared,
      SplittableRandom random) {
    for (TwinnedStructure structure : structures) {
      structure.build(nodesEach);
    }
    for (long i = 0; i < operations; i++) {
      structures.get(random.nextInt(structures.size())).step();
      if (i % SHARED_LOOK_UPS == 0) {
        shared.lookUp(shared.randomKey(random));
      }
    }
    structures.forEach(TwinnedStructure::compare);
  }

  private static void printStatistics(int nodes, HeapStats stats) {
    System.out.println(
        nodes
            + " nodes: "
            + stats.misses()
            + " misses, "
            + stats.count(Counter.PAGES_OUT)
            + " pages out, "
            + stats.count(Counter.OBJECTS_EVACUATED)
            + " objects evacuated, "
            + stats.count(Counter.SURVIVORS)
            + " kept when their pages left, "
            + stats.count(Counter.HELPED_RELOCATIONS)
            + " moved by those who met them, "
            + stats.level(Gauge.FAR_BYTES_TOTAL)
            + " far bytes for "
            + stats.level(Gauge.FAR_BYTES_LIVE)
            + " live ones");
    assertTrue(stats.misses() > nodes / 2, "hardly anything was far away");
    assertTrue(stats.count(Counter.OBJECTS_EVACUATED) > nodes / 10, "hardly anything was moved");
  }

  private static void recount(HeapRuntime runtime, List<TwinnedStructure> all) {
    List<HeapAudit.Expected> live = new ArrayList<>();
    long nodes = 0;
    for (TwinnedStructure structure : all) {
      structure.collect(live);
      nodes += structure.nodes();
    }
    List<HeapAudit.Expected> tables =
        live.stream().filter(object -> object.bodyBytes() != Nodes.BODY_BYTES).toList();
    assertEquals(nodes, live.size() - tables.size(), "nodes that can be reached");
    audit(runtime, live);
    HeapMemory memory = runtime.memory();
    assertEquals(live.size(), memory.records().live(), "records");
    long liveBytes = nodes * NODE_BYTES;
    for (HeapAudit.Expected table : tables) {
      liveBytes += ObjectHeader.footprint(table.bodyBytes());
    }
    assertEquals(liveBytes, memory.segments().liveBytes(), "live bytes");
  }

  /** Recounts a heap whose agents ended what they were at; only this thread steps them now. */
  private static void audit(HeapRuntime runtime, List<HeapAudit.Expected> live) {
    for (int tries = MOST_AUDITS; ; tries--) {
      settle(runtime);
      try {
        HeapAudit.check(runtime.memory(), live, List.of());
        return;
      } catch (AssertionError e) {
        if (tries == 0) {
          throw e;
        }
      }
    }
  }

  /** Steps the agents until they have had nothing to do for long; they may be out of budget. */
  private static void settle(HeapRuntime runtime) {
    int idle = 0;
    for (int steps = 0; steps < MOST_STEPS_TO_REST && idle < IDLE_STEPS; steps++) {
      idle = runtime.step() > 0 ? 0 : idle + 1;
    }
  }

  /** Steps the agents on a thread that can be stopped, so that the heap is at rest afterwards. */
  private static final class Agents implements AutoCloseable {
    private final HeapRuntime runtime;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile Throwable failure;

    Agents(HeapRuntime runtime) {
      this.runtime = runtime;
      this.thread = Thread.ofPlatform().name("agents").start(this::drive);
    }

    private void drive() {
      try {
        while (!stopped) {
          if (runtime.step() == 0) {
            LockSupport.parkNanos(IDLE_NANOS);
          }
        }
      } catch (Throwable t) {
        failure = t;
      }
    }

    void rethrow() {
      if (failure != null) {
        throw new AssertionError("an agent failed: " + failure, failure);
      }
    }

    @Override
    public void close() {
      stopped = true;
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
