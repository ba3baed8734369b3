package io.farheap.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.TestHeap;
import io.farheap.allocator.Epochs;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.error.ScopeException;
import io.farheap.internal.HeapCore;
import io.farheap.options.HeapOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Scopes when the Java heap has no room for what they need. */
class ScopesTest {
  private static final int FRAME = 5;
  private static final long PAGE = 7;

  private final HeapMemory memory =
      new HeapMemory(new HeapGeometry(64, 4, 1 << 20, 1 << 20, 1, false), slab -> true);
  private final Epochs epochs = memory.epochs();
  private final Scopes scopes = new Scopes(memory, this::newState);
  private boolean noRoomForStates;
  private int slotWithoutRoom = -1;

  private ScopeState newState(int slot) {
    if (noRoomForStates) {
      throw new OutOfMemoryError("on purpose");
    }
    return new ShortOfMemory(slot);
  }

  /** Throws as told; says when it is pinned outside the epoch. */
  private final class ShortOfMemory extends ScopeState {
    ShortOfMemory(int slot) {
      super(slot);
    }

    @Override
    void preparePins() {
      if (slot == slotWithoutRoom) {
        throw new OutOfMemoryError("on purpose");
      }
      super.preparePins();
    }

    @Override
    void pinLog(PageTable pageTable, FrameTable frameTable) {
      assertNotEquals(Epochs.PARKED, epochs.slotWord(slot), "pinned too late");
      super.pinLog(pageTable, frameTable);
      assertNotEquals(Epochs.PARKED, epochs.slotWord(slot), "nobody has pinned yet");
    }
  }

  private ScopeState enterWithAPage() {
    ScopeState state = scopes.enter();
    state.log(PAGE);
    return state;
  }

  private void mapPage() {
    memory.pageTable().allocate(PAGE, FRAME);
    memory.frameTable().assign(FRAME, PAGE, true);
  }

  @Test
  void whoCannotEnterHoldsNothingUp() {
    ScopeState outer = scopes.enter();
    noRoomForStates = true;
    assertThrows(OutOfMemoryError.class, scopes::enter);
    assertEquals(1, epochs.openScopes());
    noRoomForStates = false;
    ScopeState inner = scopes.enter();
    assertTrue(inner.mine());
    scopes.exit(inner);
    scopes.exit(outer);
    assertEquals(0, epochs.openScopes());
    assertEquals(-1, epochs.firstHolder(epochs.startGrace(), 0));
  }

  @Test
  void aScopeThatWasNotSteppedIntoAgainIsRefused() {
    HeapOptions options = TestHeap.smallHeap().build();
    try (TestHeap heap = TestHeap.stepped(options, System::nanoTime)) {
      HeapCore core = heap.runtime().core();
      long object = heap.handles().allocate(8);
      ScopeState scope = core.scopes().enter();
      heap.runtime().memory().epochs().park(scope.slot);
      assertThrows(ScopeException.class, () -> core.deref(scope, object));
      core.scopes().exit(scope);
      assertEquals(0, heap.handles().getLong(object, 0));
    }
  }

  @Test
  void aThreadStepsOutOfAllOfItsScopesOrOfNone() {
    mapPage();
    ScopeState outer = enterWithAPage();
    ScopeState inner = enterWithAPage();
    long before = epochs.slotWord(outer.slot);
    slotWithoutRoom = Math.max(outer.slot, inner.slot); // it comes second
    assertThrows(OutOfMemoryError.class, scopes::park);
    assertEquals(before, epochs.slotWord(outer.slot), "it protects nothing any more");
    assertEquals(before, epochs.slotWord(inner.slot));
    assertEquals(0, memory.frameTable().pins(FRAME));

    slotWithoutRoom = -1;
    List<ScopeState> parked = scopes.park();
    assertEquals(Set.of(outer, inner), Set.copyOf(parked));
    assertEquals(Epochs.PARKED, epochs.slotWord(outer.slot));
    assertEquals(Epochs.PARKED, epochs.slotWord(inner.slot));
    assertEquals(2, memory.frameTable().pins(FRAME));
    scopes.resume(parked);
    assertTrue(epochs.slotWord(outer.slot) < Epochs.PARKED);
    scopes.exit(inner);
    scopes.exit(outer);
    assertEquals(0, memory.frameTable().pins(FRAME));
    assertEquals(0, epochs.openScopes());
  }
}
