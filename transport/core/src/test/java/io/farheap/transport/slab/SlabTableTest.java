package io.farheap.transport.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SlabTableTest {
  @Test
  void idsNameTheirSlabsAndAreNotUsedTwice() {
    SlabTable<Slab> table = new SlabTable<>(300);
    SplittableRandom random = new SplittableRandom(5);
    TreeMap<Long, Slab> there = new TreeMap<>();
    HashSet<Long> ids = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(3) > 0) {
        Slab slab = table.add(Slab::new);
        if (there.size() == 300) {
          assertNull(slab);
          continue;
        }
        assertTrue(ids.add(slab.id()), "id " + slab.id() + " again");
        assertTrue(SlabTable.place(slab.id()) < 300);
        there.put(slab.id(), slab);
      } else if (!there.isEmpty()) {
        Slab slab = there.pollFirstEntry().getValue();
        assertTrue(table.remove(slab));
        assertFalse(slab.isUsable());
        assertFalse(table.remove(slab));
        assertNull(table.find(slab.id()));
      }
      assertEquals(there.size(), table.count());
      there.forEach((id, slab) -> assertSame(slab, table.find(id)));
    }
  }

  @Test
  void numbersThatAreNoIdsFindNothing() {
    SlabTable<Slab> table = new SlabTable<>(SlabTable.MAX_PLACES);
    long id = table.add(Slab::new).id();
    for (long wrong : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, id + 1, id + (1L << 32)}) {
      assertNull(table.find(wrong));
    }
  }

  @Test
  void whatCannotBeMadeTakesNoPlace() {
    SlabTable<Slab> table = new SlabTable<>(1);
    assertThrows(
        StackOverflowError.class,
        () ->
            table.add(
                id -> {
                  throw new StackOverflowError("on purpose");
                }));
    Slab slab = table.add(Slab::new);
    assertNotNull(slab);
    boolean[] seen = new boolean[1];
    table.remove(
        slab,
        removed -> {
          seen[0] = !removed.isUsable() && table.find(removed.id()) == null;
        });
    assertTrue(seen[0], "its place was another one's already");
    assertNotEquals(slab.id(), table.add(Slab::new).id());
  }

  @Test
  void nothingIsAddedAfterTheEnd() {
    SlabTable<Slab> table = new SlabTable<>(2);
    Slab slab = table.add(Slab::new);
    slab.lose();
    assertFalse(slab.isUsable());
    assertEquals(1, table.close().size());
    assertTrue(slab.isLost());
    assertNull(table.find(slab.id()));
    assertNull(table.add(Slab::new));
  }
}
