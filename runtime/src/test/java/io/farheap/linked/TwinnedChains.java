package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.layout.FarRef;
import io.farheap.proof.HeapAudit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A far hash map: far tables of handles, a chain of nodes each, and a HashMap beside it. */
final class TwinnedChains implements TwinnedStructure {
  private static final int BUCKETS_PER_TABLE = 510;
  private static final int TABLE_BYTES = BUCKETS_PER_TABLE * Long.BYTES;

  private final Handles handles;
  private final SplittableRandom random;
  private final Nodes<TwinnedList.Link> nodes;
  private final Map<Long, Long> twin = new HashMap<>();
  private final List<FarRef<byte[]>> tables = new ArrayList<>();
  private final long keys;
  private final int buckets;

  /**
   * An empty map.
   *
   * @param keys keys are below it
   * @param tables number of tables of buckets
   */
  TwinnedChains(FarHeap heap, SplittableRandom random, long keys, int tables) {
    this.handles = heap.handles();
    this.random = random;
    this.keys = keys;
    this.nodes = TwinnedList.linkNodes(heap, random);
    this.buckets = tables * BUCKETS_PER_TABLE;
    for (int i = 0; i < tables; i++) {
      this.tables.add(heap.allocateBytes(TABLE_BYTES).release());
    }
  }

  private int bucket(long key) {
    return (int) Long.remainderUnsigned(Nodes.filler(key, 0, 0), buckets);
  }

  private long first(int bucket) {
    return handles.getLong(tables.get(bucket / BUCKETS_PER_TABLE).handle(), slot(bucket));
  }

  private void setFirst(int bucket, long node) {
    handles.setLong(tables.get(bucket / BUCKETS_PER_TABLE).handle(), slot(bucket), node);
  }

  private static long slot(int bucket) {
    return (long) (bucket % BUCKETS_PER_TABLE) * Long.BYTES;
  }

  private long next(long node) {
    return handles.getHandle(node, TwinnedList.NEXT);
  }

  private long find(long key) {
    long node = first(bucket(key));
    while (node != 0 && nodes.key(node) != key) {
      node = next(node);
    }
    return node;
  }

  private void put(long key, long value) {
    long node = find(key);
    if (node != 0) {
      nodes.setValue(node, key, value);
      return;
    }
    int bucket = bucket(key);
    long added = nodes.add(key, value);
    handles.setHandle(added, TwinnedList.NEXT, first(bucket));
    setFirst(bucket, added);
  }

  private boolean remove(long key) {
    int bucket = bucket(key);
    long before = 0;
    long node = first(bucket);
    while (node != 0 && nodes.key(node) != key) {
      before = node;
      node = next(node);
    }
    if (node == 0) {
      return false;
    }
    if (before == 0) {
      setFirst(bucket, next(node));
    } else {
      handles.setHandle(before, TwinnedList.NEXT, next(node));
    }
    nodes.free(node);
    return true;
  }

  @Override
  public void build(int count) {
    while (nodes() < count) {
      long key = random.nextLong(keys);
      long value = random.nextLong();
      put(key, value);
      twin.put(key, value);
    }
  }

  @Override
  public void step() {
    long key = random.nextLong(keys);
    switch (random.nextInt(4)) {
      case 0 -> {
        long value = random.nextLong();
        put(key, value);
        twin.put(key, value);
      }
      case 1 -> assertEquals(twin.remove(key) != null, remove(key), "key was there");
      default -> {
        Long expected = twin.get(key);
        long node = find(key);
        assertEquals(expected != null, node != 0, "key is there");
        if (expected != null) {
          nodes.visit(node, key, expected);
        }
      }
    }
    assertEquals(twin.size(), nodes(), "size");
  }

  @Override
  public void compare() {
    long found = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      for (long node = first(bucket); node != 0; node = next(node)) {
        long key = nodes.key(node);
        nodes.visitWhole(node, key, twin.get(key));
        found++;
      }
    }
    assertEquals(twin.size(), found, "nodes in chains");
  }

  @Override
  public void collect(Collection<HeapAudit.Expected> live) {
    for (FarRef<byte[]> table : tables) {
      live.add(new HeapAudit.Expected(table.handle(), TABLE_BYTES, 1));
    }
    for (int bucket = 0; bucket < buckets; bucket++) {
      for (long node = first(bucket); node != 0; node = next(node)) {
        Nodes.expect(live, node);
      }
    }
  }

  @Override
  public long nodes() {
    return nodes.count();
  }

  @Override
  public void freeAll() {
    for (int bucket = 0; bucket < buckets; bucket++) {
      for (long node = first(bucket); node != 0; ) {
        long next = next(node);
        nodes.free(node);
        node = next;
      }
    }
    tables.forEach(table -> handles.free(table.handle()));
  }
}
