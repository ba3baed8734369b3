package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Emptying a range of frames until it is a run. */
class FrameIsolationTest {
  private static final int FRAMES = 1024;
  private final FramePool pool = new FramePool(FRAMES, 8);

  private void takeAll() {
    assertEquals(0, pool.tryTakeRun(FRAMES, true));
  }

  @Test
  void theRangeWithTheFewestTakenFramesIsChosen() {
    takeAll();
    pool.giveRun(128, 20);
    pool.giveRun(640, 60);
    FrameIsolation isolation = pool.isolate(64, frame -> false);
    assertEquals(640, isolation.first());
    assertEquals(20, pool.free());
    List<Integer> occupied = new ArrayList<>();
    isolation.forEachOccupied(occupied::add);
    assertEquals(List.of(700, 701, 702, 703), occupied);
  }

  @Test
  void aPinnedFrameRulesARangeOutEvenBetweenAlignedOnes() {
    takeAll();
    // Every aligned range of 64 has its first frame pinned but for the gap around 300.
    FrameIsolation isolation = pool.isolate(64, frame -> frame % 64 == 0 && frame != 320);
    assertNotNull(isolation);
    isolation.cancel();
    FrameIsolation between =
        pool.isolate(64, frame -> frame % 64 == 10 && (frame < 256 || frame > 384));
    assertNotNull(between);
    assertTrue(between.first() > 202 && between.end() <= 394, between.toString());
    between.cancel();
    assertNull(pool.isolate(64, frame -> frame % 64 == 0));
    assertNull(pool.isolate(FRAMES + 1, frame -> false));
  }

  @Test
  void onlyAnUnalignedRangeIsFreeOfPins() {
    takeAll();
    FrameIsolation isolation =
        pool.isolate(100, frame -> frame != 700 && !(frame > 500 && frame < 601));
    assertEquals(501, isolation.first());
  }

  @Test
  void freeFramesOfTheRangeAreNotHandedOutAndReturnsGoToIt() {
    FrameIsolation isolation = pool.isolate(FRAMES - 10, frame -> false);
    assertEquals(10, pool.free());
    assertEquals(2, countTakes());
    assertTrue(isolation.complete());
    int first = isolation.takeRun();
    assertEquals(isolation.first(), first);
    assertEquals(8, pool.free());
    pool.giveRun(first, FRAMES - 10);
    assertEquals(FRAMES - 2, pool.free());
    pool.checkIntegrity();
  }

  private int countTakes() {
    int takes = 0;
    while (pool.tryTake(false) >= 0) {
      takes++;
    }
    return takes;
  }

  @Test
  void itBecomesCompleteWithTheLastFrameAndARunAcrossItsEdgeIsSplit() {
    takeAll();
    FrameIsolation isolation = pool.isolate(64, frame -> frame < 512 || frame >= 576);
    assertEquals(512, isolation.first());
    pool.giveRun(500, 75);
    assertEquals(12, pool.free());
    assertFalse(isolation.complete());
    assertThrows(IllegalStateException.class, isolation::takeRun);
    pool.giveRun(575, 3);
    assertEquals(14, pool.free());
    assertTrue(isolation.complete());
    assertThrows(IllegalStateException.class, () -> pool.give(540));
    assertEquals(512, isolation.takeRun());
    pool.give(540);
    assertEquals(15, pool.free());
    pool.checkIntegrity();
  }

  @Test
  void anEndedIsolationRefusesItsRunAndCancelsQuietly() {
    takeAll();
    pool.giveRun(0, 64);
    FrameIsolation taken = pool.isolate(64, frame -> false);
    assertThrows(IllegalStateException.class, () -> pool.isolate(1, frame -> false));
    taken.takeRun();
    taken.cancel();
    assertEquals(0, pool.free());
    assertThrows(IllegalStateException.class, taken::takeRun);

    pool.giveRun(0, 32);
    FrameIsolation cancelled = pool.isolate(64, frame -> false);
    assertEquals(0, pool.free());
    cancelled.cancel();
    cancelled.cancel();
    assertEquals(32, pool.free());
    assertThrows(IllegalStateException.class, cancelled::takeRun);
    cancelled.forEachOccupied(frame -> assertEquals(-1, frame, "no frame is named any more"));
    pool.checkIntegrity();
  }

  @Test
  void theReserveIsForTheBackgroundAndARefusedRunGivesNothing() {
    assertEquals(FRAMES - 8, countTakes());
    assertEquals(-1, pool.tryTakeRun(2, false));
    int run = pool.tryTakeRun(7, true);
    assertTrue(run >= 0);
    assertTrue(pool.tryTake(true) >= 0);
    assertEquals(-1, pool.tryTake(true));
    assertEquals(8, pool.reserve());
    pool.give(5);
    var thrown = assertThrows(IllegalStateException.class, () -> pool.giveRun(3, 6));
    assertTrue(thrown.getMessage().startsWith("frame 5 "), thrown.getMessage());
    assertEquals(1, pool.free());
  }

  @Test
  void wrongNumbersAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> new FramePool(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new FramePool(5, 5));
    assertThrows(IllegalArgumentException.class, () -> new FramePool(PageWord.MAX_FRAMES + 1, 1));
    assertThrows(IllegalArgumentException.class, () -> pool.tryTakeRun(0, true));
    assertThrows(IllegalArgumentException.class, () -> pool.giveRun(0, -1));
  }
}
