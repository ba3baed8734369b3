package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Segments: states, runs inside slabs, and the live bytes of pages. */
class SegmentTableTest {
  private static final int SEGMENTS_PER_SLAB = 8;
  private static final int SLABS = 3;
  private static final long SLAB_BYTES = (long) SEGMENTS_PER_SLAB * SegmentTable.SEGMENT_BYTES;

  private final List<Integer> slabsAsked = new ArrayList<>();
  private boolean farMemoryFull;
  private final SegmentTable table = newTable();

  private SegmentTable newTable() {
    return new SegmentTable(
        SLABS * SLAB_BYTES,
        SLAB_BYTES,
        slab -> {
          slabsAsked.add(slab);
          return !farMemoryFull;
        });
  }

  @AfterEach
  void giveBack() {
    table.decommit();
  }

  private record Rule(
      String name, Set<SegmentTable.State> from, ObjIntConsumer<SegmentTable> change) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("close", EnumSet.of(SegmentTable.State.OPEN), SegmentTable::close),
          new Rule(
              "startCleaning", EnumSet.of(SegmentTable.State.CLOSED), SegmentTable::startCleaning),
          new Rule(
              "endCleaning", EnumSet.of(SegmentTable.State.CLEANING), SegmentTable::endCleaning),
          new Rule("retire", EnumSet.of(SegmentTable.State.CLOSED), SegmentTable::retire),
          new Rule("free", EnumSet.of(SegmentTable.State.PENDING), SegmentTable::free));

  /** Takes a segment of a new table and brings it to the state. */
  private static int reach(SegmentTable table, SegmentTable.State state) {
    table.grow(0);
    int segment = table.take(Heat.PLAIN);
    switch (state) {
      case OPEN -> {}
      case CLOSED -> table.close(segment);
      case CLEANING -> {
        table.close(segment);
        table.startCleaning(segment);
      }
      case PENDING, FREE -> {
        table.close(segment);
        table.retire(segment);
        if (state == SegmentTable.State.FREE) {
          table.free(segment);
        }
      }
    }
    assertEquals(state, table.state(segment));
    return segment;
  }

  @Test
  void everyTransitionThatTheDiagramLacksIsRefused() {
    for (Rule rule : RULES) {
      for (SegmentTable.State state : SegmentTable.State.values()) {
        SegmentTable fresh = newTable();
        int segment = reach(fresh, state);
        String where = rule.name() + " from " + state;
        if (rule.from().contains(state)) {
          rule.change().accept(fresh, segment);
        } else {
          var thrown =
              assertThrows(
                  IllegalStateException.class, () -> rule.change().accept(fresh, segment), where);
          assertTrue(thrown.getMessage().contains(state.name()), thrown.getMessage());
          assertEquals(state, fresh.state(segment), where);
        }
        fresh.decommit();
      }
    }
  }

  @Test
  void slabsAreAddedOneByOneAndSegmentZeroIsNeverTaken() {
    assertEquals(SegmentTable.NONE, table.take(Heat.COLD));
    Set<Integer> taken = new HashSet<>();
    for (int slab = 0; slab < SLABS; slab++) {
      assertTrue(table.grow(slab));
      assertTrue(table.grow(slab), "somebody else just did");
      assertEquals(slab + 1, table.slabs());
      for (int s = table.take(Heat.COLD); s != SegmentTable.NONE; s = table.take(Heat.COLD)) {
        assertTrue(s > 0 && taken.add(s), "segment " + s);
        assertEquals(Heat.COLD, table.heat(s));
      }
    }
    assertEquals(SLABS * SEGMENTS_PER_SLAB - 1, taken.size());
    assertEquals(taken.size(), table.usedSegments());
    assertFalse(table.grow(SLABS), "far address space is used up");
    assertEquals(List.of(0, 1, 2), slabsAsked);
  }

  @Test
  void theLastFreeSegmentIsForColdObjectsAlone() {
    assertTrue(table.grow(0));
    for (int i = 0; i < SEGMENTS_PER_SLAB - 2; i++) {
      assertTrue(table.take(Heat.HOT) != SegmentTable.NONE);
    }
    assertEquals(1, table.freeSegments());
    assertEquals(0, table.unreservedSegments());
    assertEquals(SegmentTable.NONE, table.take(Heat.HOT));
    assertEquals(SegmentTable.NONE, table.takeRun(1, Heat.LARGE));
    assertTrue(table.take(Heat.COLD) != SegmentTable.NONE);
  }

  @Test
  void aSlabThatFarMemoryRefusesIsNotAdded() {
    farMemoryFull = true;
    assertFalse(table.grow(0));
    assertEquals(0, table.slabs());
    assertEquals(SegmentTable.NONE, table.take(Heat.PLAIN));
    farMemoryFull = false;
    assertTrue(table.grow(0));
    assertTrue(table.take(Heat.PLAIN) > 0);
  }

  @Test
  void runsStayInsideASlabAndAreFreedWhole() {
    for (int seed = 0; seed < 100; seed++) {
      SegmentTable fresh = newTable();
      for (int slab = 0; slab < SLABS; slab++) {
        fresh.grow(slab);
      }
      SplittableRandom random = new SplittableRandom(seed);
      boolean[] used = new boolean[SLABS * SEGMENTS_PER_SLAB];
      used[0] = true;
      List<Integer> runs = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        String where = "seed " + seed + " step " + step;
        if (runs.isEmpty() || random.nextInt(3) > 0) {
          int length = random.nextInt(1, SEGMENTS_PER_SLAB + 1);
          int first = fresh.takeRun(length, Heat.COLD);
          assertEquals(!hasRun(used, length), first == SegmentTable.NONE, where);
          if (first != SegmentTable.NONE) {
            assertEquals(
                first / SEGMENTS_PER_SLAB, (first + length - 1) / SEGMENTS_PER_SLAB, where);
            assertEquals(length, fresh.runLength(first));
            mark(used, first, length, true, where);
            runs.add(first);
          }
        } else {
          Integer first = runs.get(random.nextInt(runs.size()));
          runs.removeIf(first::equals);
          int length = fresh.runLength(first);
          fresh.close(first);
          fresh.retire(first);
          fresh.free(first);
          mark(used, first, length, false, where);
        }
        int free = 0;
        for (boolean u : used) {
          free += u ? 0 : 1;
        }
        assertEquals(free, fresh.freeSegments(), where);
        assertEquals(used.length - 1 - free, fresh.usedSegments(), where);
      }
      fresh.decommit();
    }
  }

  private static boolean hasRun(boolean[] used, int length) {
    int run = 0;
    for (int segment = 0; segment < used.length; segment++) {
      run = segment % SEGMENTS_PER_SLAB == 0 ? 0 : run;
      run = used[segment] ? 0 : run + 1;
      if (run >= length) {
        return true;
      }
    }
    return false;
  }

  private static void mark(boolean[] used, int first, int length, boolean to, String where) {
    for (int segment = first; segment < first + length; segment++) {
      assertEquals(!to, used[segment], where + " segment " + segment);
      used[segment] = to;
    }
  }

  @Test
  void aPageIsDeadWhenItIsClosedAndItsLastObjectIsGone() {
    int segment = reach(table, SegmentTable.State.OPEN);
    long page = SegmentTable.firstPage(segment) + 5;
    assertEquals(segment, SegmentTable.segmentOf(page));
    assertTrue(table.isDead(segment));
    table.openPage(page);
    assertFalse(table.isDead(segment));
    table.addLive(page, 4096);
    table.removeLive(page, 4096);
    assertEquals(0, table.pageLiveBytes(page));
    assertFalse(table.isDead(segment), "open");
    assertEquals(SegmentTable.NONE, table.takeCandidate(0));
    table.addLive(page, 48);
    table.closePage(page);
    assertFalse(table.isDead(segment), "live");
    assertEquals(48, table.segmentLiveBytes(segment));
    assertEquals(SegmentTable.NONE, table.takeCandidate(0));
    table.removeLive(page, 48);
    assertTrue(table.isDead(segment));
    assertEquals(segment, table.takeCandidate(0));
    assertEquals(SegmentTable.NONE, table.takeCandidate(0));
    assertThrows(IllegalStateException.class, () -> table.removeLive(page, 16));
  }

  @Test
  void candidatesAreTakenFromWhereTheSearchStarts() {
    table.grow(0);
    for (int i = 0; i < SEGMENTS_PER_SLAB - 1; i++) {
      table.close(table.take(Heat.COLD));
    }
    assertEquals(3, table.takeCandidate(3));
    assertEquals(4, table.takeCandidate(3));
    assertEquals(1, table.takeCandidate(0));
    assertEquals(7, table.takeCandidate(7));
    assertEquals(SegmentTable.NONE, table.takeCandidate(7));
    assertEquals(2, table.takeCandidate(0));
  }

  @Test
  void countsOfManyThreadsAddUpAndOneOfThemFindsThePageDead() throws Exception {
    int segment = reach(table, SegmentTable.State.CLOSED);
    long page = SegmentTable.firstPage(segment);
    table.takeCandidate(0);
    table.openPage(page);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      tasks.add(
          () -> {
            for (int i = 0; i < 50_000; i++) {
              table.addLive(page, 16 + i % 64);
              table.removeLive(page, 16 + i % 64);
            }
            table.addLive(page, 32);
            return null;
          });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : executor.invokeAll(tasks)) {
        done.get();
      }
      assertEquals(4 * 32, table.pageLiveBytes(page));
      table.closePage(page);
      List<Callable<Void>> removals = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        removals.add(
            () -> {
              table.removeLive(page, 32);
              return null;
            });
      }
      for (Future<Void> done : executor.invokeAll(removals)) {
        done.get();
      }
    }
    assertTrue(table.isDead(segment));
    assertEquals(segment, table.takeCandidate(0));
  }
}
