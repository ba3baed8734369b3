package io.farheap.jmh.hit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What the hot-deref benchmark reads. */
class HotCellsTest {
  private static final int COUNT = 1 << 10;

  /** Every way leads to the same bytes: the walk's sums agree. */
  @Test
  void allMethodsReadTheSame() {
    try (HotCells cells = HotCells.named("same", COUNT)) {
      HotDerefJmh methods = new HotDerefJmh();
      long expected = methods.raw(walk(cells));
      assertEquals(expected, methods.scoped(walk(cells)));
      assertEquals(expected, methods.optimistic(walk(cells)));
      assertEquals(expected, methods.holder(walk(cells)));
      assertEquals(expected, methods.typed(walk(cells)));
    }
  }

  @Test
  void aDifferenceIsNoticed() {
    try (HotCells cells = HotCells.named("different", COUNT)) {
      cells.check();
      long spare = cells.handles[5];
      cells.handles[5] = cells.handles[6];
      assertThrows(IllegalStateException.class, cells::check);
      cells.handles[5] = spare;
    }
  }

  private static HotDerefJmh.Walk walk(HotCells cells) {
    HotDerefJmh.Walk walk = new HotDerefJmh.Walk();
    walk.workingSet = cells.name();
    walk.open();
    return walk;
  }
}
