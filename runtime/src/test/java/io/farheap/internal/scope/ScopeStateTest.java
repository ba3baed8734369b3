package io.farheap.internal.scope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScopeStateTest {
  private final ScopeState state = new ScopeState(0);

  private void log(long page) {
    if (state.logFull()) {
      state.keepLog();
    }
    state.log(page);
  }

  @Test
  void theLogKnowsEveryPageOnceHoweverLongTheScope() {
    SplittableRandom random = new SplittableRandom(7);
    for (int length : new int[] {0, 1, 255, 256, 257, 1000, 70_000, 300_000}) {
      TreeSet<Long> expected = new TreeSet<>();
      for (int i = 0; i < length; i++) {
        long page = random.nextLong(100_000);
        log(page);
        expected.add(page);
      }
      assertArrayEquals(
          expected.stream().mapToLong(Long::longValue).toArray(),
          state.unpinnedPages(),
          "length " + length);
      long before = state.allDereferences();
      state.emptyLog();
      assertEquals(before, state.allDereferences());
      assertEquals(0, state.unpinnedPages().length);
    }
    assertEquals(0 + 1 + 255 + 256 + 257 + 1000 + 70_000 + 300_000, state.allDereferences());
  }

  @Test
  void theSlowPathLeavesRoomForTheFastOne() {
    for (int i = 0; i < 10_000; i++) {
      state.logAndMakeRoom(i);
      assertEquals(false, state.logFull());
    }
    assertEquals(10_000, state.unpinnedPages().length);
  }
}
