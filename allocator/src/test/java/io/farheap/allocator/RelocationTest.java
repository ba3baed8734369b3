package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.base.memory.NativeMemory;
import org.junit.jupiter.api.Test;

/** An object on its way to another place, and what others do to it meanwhile. */
final class RelocationTest {
  private static final long VALUE = 0x1234_5678_9ABCL;

  private final SmallMemory small = new SmallMemory();
  private final HeapMemory memory = small.memory;
  private final long handle = small.allocate(VALUE);
  private final long neighbour = small.allocate(1);
  private final long index = Handle.index(handle);
  private final long oldPlace = small.place(handle);
  private final long oldPage = small.page(handle);
  private final Relocation relocation = new Relocation(memory);

  RelocationTest() {
    memory.sealLogs(); // live bytes of an open page are not exact
  }

  private long begin() {
    long target = small.reserve(Heat.HOT, index);
    relocation.begin(index, oldPlace, SmallMemory.BODY_BYTES, target);
    relocation.copyFrom(small.bodyRawAddress(handle));
    return target;
  }

  private void check(long livesAt, int liveAtOldPlace, int liveAtNewPlace, long newPage) {
    memory.sealLogs();
    assertEquals(livesAt, PlaceWord.farAddress(small.place(handle)));
    assertEquals(liveAtOldPlace, memory.segments().pageLive(oldPage));
    assertEquals(liveAtNewPlace, memory.segments().pageLive(newPage));
    for (int frame = 0; frame < memory.frames().frames(); frame++) {
      assertEquals(0, memory.frameTable().pins(frame), "pins of frame " + frame);
    }
  }

  @Test
  void installsTheCopyAndCountsTheOldOneOut() {
    long target = begin();
    assertTrue(relocation.install(false));
    check(target, SmallMemory.FOOTPRINT, SmallMemory.FOOTPRINT, FarAddress.page(target));
    assertEquals(VALUE, NativeMemory.getLong(small.bodyRawAddress(handle)));
    assertFalse(PlaceWord.accessed(small.place(handle)));
    assertEquals(0, cards(handle));
  }

  @Test
  void whatIsInstalledAsAccessedHasItsCardsMarked() {
    begin();
    assertTrue(relocation.install(true));
    assertTrue(PlaceWord.accessed(small.place(handle)));
    assertEquals(SmallMemory.FOOTPRINT, cards(handle) * FrameTable.CARD_BYTES);
  }

  private int cards(long ofHandle) {
    return memory.frameTable().cardsMarked(PageWord.frame(small.word(small.page(ofHandle))));
  }

  @Test
  void anotherAccessDoesNotLose() {
    long target = begin();
    memory.records().setAccess(index, oldPlace);
    assertTrue(relocation.install(false));
    assertEquals(target, PlaceWord.farAddress(small.place(handle)));
  }

  @Test
  void losesToAFree() {
    long target = begin();
    small.free(handle);
    assertFalse(relocation.install(true));
    check(0, SmallMemory.FOOTPRINT, 0, FarAddress.page(target));
  }

  @Test
  void losesToAnotherRelocation() {
    long target = begin();
    long others = small.reserve(Heat.COLD, index);
    Relocation quicker = new Relocation(memory);
    quicker.begin(index, oldPlace, SmallMemory.BODY_BYTES, others);
    quicker.copyFrom(small.bodyRawAddress(handle));
    assertTrue(quicker.install(false));
    assertFalse(relocation.install(true));
    check(others, SmallMemory.FOOTPRINT, 0, FarAddress.page(target));
    assertEquals(VALUE, NativeMemory.getLong(small.bodyRawAddress(handle)));
  }

  @Test
  void anAbandonedOneLeavesDeadBytesOnly() {
    long target = begin();
    relocation.abandon();
    check(PlaceWord.farAddress(oldPlace), 2 * SmallMemory.FOOTPRINT, 0, FarAddress.page(target));
    assertEquals(1, NativeMemory.getLong(small.bodyRawAddress(neighbour)));
  }
}
