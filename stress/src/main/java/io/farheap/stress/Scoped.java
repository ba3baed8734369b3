package io.farheap.stress;

import static io.farheap.stress.Tables.EPOCHS;

import io.farheap.allocator.Epochs;

/**
 * Epoch slots of states of tests. Each state has a slot of its own; behind it stands a slot whose
 * scope never ends. A look for holders from the state's slot on so sees the state's scope, or stops
 * at the fence post.
 */
final class Scoped {
  static {
    for (int i = 0; i < 2 * Tables.CELLS; i++) {
      int slot = EPOCHS.enter(i);
      if (slot != i) {
        throw new IllegalStateException("slot " + slot + " for hint " + i);
      }
    }
  }

  private Scoped() {}

  /** The state's own slot, empty. */
  static int emptySlot(int cell) {
    int slot = 2 * cell;
    EPOCHS.exit(slot);
    return slot;
  }

  /** The state's own slot, parked. */
  static int parkedSlot(int cell) {
    int slot = emptySlot(cell);
    EPOCHS.enter(slot);
    EPOCHS.park(slot);
    return slot;
  }

  /** The state's own slot, entered. */
  static int enteredSlot(int cell) {
    int slot = emptySlot(cell);
    EPOCHS.enter(slot);
    return slot;
  }

  /** Whether a grace period that starts now has nothing to wait for in a slot. */
  static boolean gracePasses(int slot) {
    long stamp = EPOCHS.startGrace();
    return EPOCHS.firstHolder(stamp, slot) != slot;
  }

  /** As {@link #gracePasses}, with a few more looks. */
  static boolean gracePassesSoon(int slot) {
    long stamp = EPOCHS.startGrace();
    for (int looks = 0; looks < 64; looks++) {
      if (EPOCHS.firstHolder(stamp, slot) != slot) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** Whether a slot's word names an epoch. */
  static boolean entered(int slot) {
    long word = EPOCHS.slotWord(slot);
    return word != 0 && word != Epochs.PARKED;
  }
}
