package io.farheap.apps.memcached.store;

import com.sun.management.ThreadMXBean;
import io.farheap.FarHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/** A process that gets local items and prints how many bytes of garbage one get makes. */
final class GetCost {
  private static final int ITEMS = 1000;
  private static final int GETS = 20_000;

  /** The first rounds run before the JIT has seen enough. */
  private static final int MOST_ROUNDS = 400;

  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;

  private static int received;

  private GetCost() {}

  /** Prints the bytes of the round that made fewest. */
  public static void main(String[] args) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ItemKey key = new ItemKey();
    ItemInfo info = new ItemInfo();
    try (FarHeap heap = StoreCostTest.heap();
        ItemStore store = ItemStore.open(heap, StoreOptions.standard());
        Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(2L * KEY_BYTES * ITEMS);
      MemorySegment value = arena.allocate(VALUE_BYTES);
      for (int i = 0; i < ITEMS; i++) {
        names.setString(2L * KEY_BYTES * i, String.format("item:%011d", i));
        key.at(names, 2L * KEY_BYTES * i, KEY_BYTES);
        require(
            store.set(key, new SetRequest().set(value, 0, VALUE_BYTES, 0, 0), info, true)
                == Outcome.STORED);
      }
      MemorySegment target = arena.allocate(2 * VALUE_BYTES);
      ItemSink sink =
          found -> {
            received++;
            found.copyValueTo(target, 1);
          };
      GetRequest request = new GetRequest();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < GETS; i++) {
          key.at(names, 2L * KEY_BYTES * (i % ITEMS), KEY_BYTES);
          require(store.get(key, request, sink, info, false) == Outcome.HIT);
        }
        least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / GETS);
      }
      require(received >= GETS);
      System.out.println(least);
    }
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError();
    }
  }
}
