package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pins, dirty marks, pages and cards of frames. */
class FrameTableTest {
  private static final int FRAMES = 5;
  private static final int CARDS = PageWord.PAGE_BYTES / FrameTable.CARD_BYTES;

  private final FrameTable table = new FrameTable(FRAMES);

  @AfterEach
  void giveBack() {
    table.decommit();
  }

  @Test
  void aNewFrameHoldsNothing() {
    for (int frame = 0; frame < FRAMES; frame++) {
      assertEquals(FrameTable.NO_PAGE, table.page(frame));
      assertEquals(0, table.pins(frame));
      assertFalse(table.dirty(frame));
      assertEquals(0, table.cardsMarked(frame));
    }
  }

  @Test
  void pinsAreCountedAndNeverFallBelowZero() {
    table.pin(2);
    table.pin(2);
    table.setPage(2, -2);
    table.setDirty(2, true);
    assertEquals(2, table.pins(2));
    table.unpin(2);
    table.unpin(2);
    assertEquals(0, table.pins(2));
    assertEquals(-2, table.page(2));
    assertTrue(table.dirty(2));
    assertThrows(IllegalStateException.class, () -> table.unpin(2));
    assertEquals(0, table.pins(1));
    assertEquals(0, table.pins(3));
  }

  @Test
  void theMarkOfAPageReadAheadMovesWithItAndEndsWithItsFirstUseOrItsFrame() {
    table.assign(1, 7, true);
    assertFalse(table.ahead(1));
    table.markAhead(1);
    assertTrue(table.ahead(1) && table.fetched(1) && !table.dirty(1) && !table.aged(1));
    assertFalse(table.ahead(0) || table.ahead(2), "a neighbour");
    table.copyMarks(1, 2);
    assertTrue(table.ahead(2));
    table.clearAhead(2);
    assertFalse(table.ahead(2));
    table.assign(1, 8, true);
    assertFalse(table.ahead(1));
  }

  @Test
  void assigningAFrameForgetsItsCardsAndSetsItsMarks() {
    table.markDirty(1);
    table.markDirty(1);
    assertTrue(table.dirty(1));
    table.markCards(1, 0, PageWord.PAGE_BYTES);
    table.markCards(2, 0, PageWord.PAGE_BYTES);
    table.assign(1, 1L << 36, true);
    assertFalse(table.dirty(1));
    assertEquals(1L << 36, table.page(1));
    assertEquals(0, table.cardsMarked(1));
    assertEquals(CARDS, table.cardsMarked(2), "a neighbour");
    table.assign(1, 7, false);
    assertTrue(table.dirty(1));
  }

  @Test
  void cardsAgreeWithAModelAndMoveWithTheirFrame() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BitSet model = new BitSet();
      table.clearCards(3);
      for (int step = 0; step < 12; step++) {
        int offset = random.nextInt(PageWord.PAGE_BYTES);
        int lengthBytes =
            random.nextInt(4) == 0
                ? random.nextInt(1, PageWord.PAGE_BYTES - offset + 1)
                : Math.min(PageWord.PAGE_BYTES - offset, random.nextInt(1, 300));
        table.markCards(3, offset, lengthBytes);
        model.set(
            offset / FrameTable.CARD_BYTES, (offset + lengthBytes - 1) / FrameTable.CARD_BYTES + 1);
        assertCards(model, 3, "seed " + seed + " step " + step);
      }
      table.setDirty(3, random.nextBoolean());
      table.copyMarks(3, 4);
      assertCards(model, 4, "copy, seed " + seed);
      assertEquals(table.dirty(3), table.dirty(4));
      assertEquals(0, table.cardsMarked(2), "a neighbour");
    }
  }

  private void assertCards(BitSet model, int frame, String where) {
    assertEquals(model.cardinality(), table.cardsMarked(frame), where);
    for (int card = 0; card < CARDS; card++) {
      int offset = card * FrameTable.CARD_BYTES + card % FrameTable.CARD_BYTES;
      assertEquals(model.get(card), table.cardMarked(frame, offset), where + " card " + card);
    }
  }
}
