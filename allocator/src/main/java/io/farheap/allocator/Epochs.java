package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Epochs: how background work knows that nobody still uses what it took out of use.
 *
 * <p>A scope leases a slot by one compare-and-set from 0 to the epoch it read, which is also the
 * fence that orders its slot before its loads of the page table. Leaving is a release store of 0.
 * Background work unmaps first, then raises the epoch, then waits until every slot is empty or at
 * least as new as the raised epoch. A scope that read an old epoch only delays that wait.
 *
 * <p>{@link #PARKED} in a slot means: leased, but outside every epoch. Its holder has pinned what
 * it uses.
 */
public final class Epochs {
  /** Most scopes that can be open at once. */
  public static final int MAX_SLOTS = 1 << 17;

  /** Slot word of a scope that waits outside the epoch. */
  public static final long PARKED = Long.MAX_VALUE;

  private static final long EMPTY = 0;
  private static final int SLOT_SHIFT = 6;
  private static final int FIRST_WINDOW = 64;
  private static final int PROBES_BEFORE_GROWING = 16;
  private static final boolean CAS_IS_FENCE =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  private static final VarHandle EPOCH;

  static {
    try {
      EPOCH = MethodHandles.lookup().findVarHandle(Epochs.class, "epoch", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final NativeRegion slots = NativeRegion.reserve((long) MAX_SLOTS << SLOT_SHIFT, false);
  private final long slotBase = slots.rawAddress();
  private final AtomicInteger window = new AtomicInteger(FIRST_WINDOW);

  @SuppressWarnings("FieldMayBeFinal") // written through EPOCH
  private volatile long epoch = 1;

  /**
   * Enters the current epoch.
   *
   * @param hint spreads callers over slots; the same hint meets the same slot again
   * @return the slot leased, or -1 if {@link #MAX_SLOTS} scopes are open
   */
  public int enter(long hint) {
    int mask = window.get() - 1;
    int slot = (int) hint & mask;
    long now = (long) EPOCH.getAcquire(this);
    if (NativeMemory.compareAndSetLong(slotAddress(slot), EMPTY, now)) {
      slotBeforeLoads();
      return slot;
    }
    return enterElsewhere(hint);
  }

  private int enterElsewhere(long hint) {
    while (true) {
      int size = window.get();
      // A share of the window, so that it stays within a small multiple of the open scopes.
      int probes = size == MAX_SLOTS ? size : Math.max(PROBES_BEFORE_GROWING, size >> 2);
      for (int i = 0; i < probes; i++) {
        int slot = (int) (hint + i) & (size - 1);
        long address = slotAddress(slot);
        if (NativeMemory.getLongAcquire(address) == EMPTY
            && NativeMemory.compareAndSetLong(address, EMPTY, (long) EPOCH.getAcquire(this))) {
          slotBeforeLoads();
          return slot;
        }
      }
      if (size == MAX_SLOTS) {
        return -1;
      }
      // A scanner that misses the new window read it before this store, so the scope that leases
      // a slot there starts after the scanner's unmaps.
      window.compareAndSet(size, size << 1);
    }
  }

  /** The scope's later loads must not pass its slot; a locked instruction sees to that on x86. */
  private static void slotBeforeLoads() {
    if (!CAS_IS_FENCE) {
      VarHandle.fullFence();
    }
  }

  /** Leaves: ends the lease of a slot. */
  public void exit(int slot) {
    NativeMemory.putLongRelease(slotAddress(slot), EMPTY);
  }

  /** Leaves the epoch but keeps the slot; the caller has pinned every page that it uses. */
  public void park(int slot) {
    NativeMemory.putLongRelease(slotAddress(slot), PARKED);
  }

  /** Enters the current epoch again in a slot that is still leased. */
  public void resume(int slot) {
    if (!NativeMemory.compareAndSetLong(slotAddress(slot), PARKED, (long) EPOCH.getAcquire(this))) {
      throw new IllegalStateException("slot " + slot + " was not parked");
    }
    slotBeforeLoads();
  }

  /** Leaves and enters again without giving the slot up; what was dereferenced before may go. */
  public void renew(int slot) {
    NativeMemory.putLongRelease(slotAddress(slot), (long) EPOCH.getAcquire(this));
    VarHandle.fullFence();
  }

  /** Slot word: 0, an epoch, or {@link #PARKED}. */
  public long slotWord(int slot) {
    return NativeMemory.getLongAcquire(slotAddress(slot));
  }

  /** Number of slots in use so far; every leased slot is below it. */
  public int window() {
    return window.get();
  }

  /** The current epoch. */
  public long current() {
    return epoch;
  }

  /**
   * Starts a grace period. Everything unmapped before this call is out of reach once {@link
   * #firstHolder} finds none.
   *
   * @return its stamp
   */
  public long startGrace() {
    VarHandle.fullFence();
    long stamp = (long) EPOCH.getAndAdd(this, 1L) + 1;
    VarHandle.fullFence();
    return stamp;
  }

  /**
   * The first slot from a given one that holds a grace period up.
   *
   * @param stamp from {@link #startGrace}
   * @param from slots before it were passed already and need no second look
   * @return a slot whose scope is older than the stamp, or -1 if none is left
   */
  public int firstHolder(long stamp, int from) {
    int size = window.get();
    for (int slot = from; slot < size; slot++) {
      long word = slotWord(slot);
      if (word != EMPTY && word < stamp) {
        return slot;
      }
    }
    return -1;
  }

  /** Number of scopes that are open now, parked ones included; a racy count. */
  public int openScopes() {
    int open = 0;
    int size = window.get();
    for (int slot = 0; slot < size; slot++) {
      if (slotWord(slot) != EMPTY) {
        open++;
      }
    }
    return open;
  }

  private long slotAddress(int slot) {
    return slotBase + ((long) slot << SLOT_SHIFT);
  }
}
