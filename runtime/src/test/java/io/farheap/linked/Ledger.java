package io.farheap.linked;

import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.UniquePtr;
import io.farheap.layout.FarRef;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;

/** A far list of amounts, the newest first. */
final class Ledger {
  record Entry(long amount, FarRef<Entry> older) {}

  private static final RecordLayout<Entry> LAYOUT = RecordLayout.of(Entry.class);
  private static final LongField<Entry> AMOUNT = LAYOUT.longField("amount");
  private static final RefField<Entry, Entry> OLDER = LAYOUT.refField("older", Entry.class);

  private final FarHeap heap;
  private FarRef<Entry> newest = FarRef.none();

  Ledger(FarHeap heap) {
    this.heap = heap;
  }

  void add(long amount) {
    newest = heap.allocate(new Entry(amount, newest)).release(); // held by the list from here on
  }

  /** Walks over plain handles: no Java object an entry. */
  long total() {
    Handles handles = heap.handles();
    long sum = 0;
    for (long entry = newest.handle(); entry != 0; entry = handles.getHandle(entry, OLDER)) {
      sum += handles.getLong(entry, AMOUNT);
    }
    return sum;
  }

  /** Removes the newest entry and answers its amount. */
  long removeNewest() {
    try (UniquePtr<Entry> entry = heap.adopt(newest)) { // closing the pointer frees the entry
      newest = entry.get(OLDER);
      return entry.get(AMOUNT);
    }
  }
}
