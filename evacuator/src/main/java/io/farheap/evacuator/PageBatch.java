package io.farheap.evacuator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The pages that an agent works on in one round. Its entries are used again in the next one.
 *
 * @param <P> what the agent knows of each
 */
final class PageBatch<P extends BatchedPage> {
  private final List<P> entries;
  private int size;

  PageBatch(int capacity, Supplier<P> entry) {
    entries = new ArrayList<>(capacity);
    for (int i = 0; i < capacity; i++) {
      entries.add(entry.get());
    }
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  boolean full() {
    return size == entries.size();
  }

  P get(int i) {
    return entries.get(i);
  }

  /** The entry to fill next; it is of the batch once {@link #add} was called. */
  P next() {
    return entries.get(size);
  }

  /** Adds what {@link #next} answered. */
  void add() {
    size++;
  }
}
