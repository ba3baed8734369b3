package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.layout.FarRef;
import io.farheap.layout.LongField;
import io.farheap.proof.HeapAudit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.SplittableRandom;

/**
 * Nodes of one record class in one heap: made, visited and freed in every way that there is, the
 * thread's random numbers choosing. A node carries words that follow from its key and value, and
 * every visit checks some.
 */
final class Nodes<R extends Record> {
  /** Bytes of every node without its header: nodes take 64 bytes with it. */
  static final int BODY_BYTES = 56;

  private static final int ONE_IN = 16;

  /** Builds a node. */
  interface Maker<R> {
    /** A node that refers to nothing. */
    R make(long key, long value, long[] filler);
  }

  private final FarHeap heap;
  private final Handles handles;
  private final SplittableRandom random;
  private final Class<R> type;
  private final Maker<R> maker;
  private final LongField<R> key;
  private final LongField<R> value;
  private final long fillerOffsetBytes;
  private final int fillerWords;
  private long count;

  Nodes(
      FarHeap heap,
      SplittableRandom random,
      Maker<R> maker,
      LongField<R> key,
      LongField<R> value,
      long fillerOffsetBytes) {
    this.heap = heap;
    this.handles = heap.handles();
    this.random = random;
    this.type = key.recordType();
    this.maker = maker;
    this.key = key;
    this.value = value;
    this.fillerOffsetBytes = fillerOffsetBytes;
    this.fillerWords = (int) (BODY_BYTES - fillerOffsetBytes) / Long.BYTES;
  }

  /** What a filler word of a node must be. */
  static long filler(long key, long value, int word) {
    long mixed = (key * 0x9E37_79B9_7F4A_7C15L) ^ (value + word);
    return (mixed ^ (mixed >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
  }

  long count() {
    return count;
  }

  /** A new node that refers to nothing and belongs to the caller. */
  long add(long nodeKey, long nodeValue) {
    long[] filler = new long[fillerWords];
    for (int i = 0; i < fillerWords; i++) {
      filler[i] = filler(nodeKey, nodeValue, i);
    }
    count++;
    return heap.allocate(maker.make(nodeKey, nodeValue, filler)).release().handle();
  }

  /** Frees a node, by its handle or through a pointer that adopts it. */
  void free(long node) {
    count--;
    if (random.nextInt(ONE_IN) == 0) {
      heap.adopt(FarRef.of(type, node)).free();
    } else {
      handles.free(node);
    }
  }

  long key(long node) {
    return handles.getLong(node, key);
  }

  long value(long node) {
    return handles.getLong(node, value);
  }

  /** Changes a node's value and what follows from it, in one scope. */
  void setValue(long node, long nodeKey, long newValue) {
    try (DerefScope scope = heap.enter()) {
      MemorySegment bytes = handles.derefMut(scope, node);
      assertEquals(nodeKey, key.get(bytes), "key of the node to change");
      value.set(bytes, newValue);
      for (int i = 0; i < fillerWords; i++) {
        bytes.set(
            ValueLayout.JAVA_LONG,
            fillerOffsetBytes + (long) i * Long.BYTES,
            filler(nodeKey, newValue, i));
      }
    }
  }

  /** Checks that a node has a key and a value, and one of its filler words or all. */
  void visit(long node, long expectedKey, long expectedValue) {
    if (random.nextInt(ONE_IN) == 0) {
      visitWhole(node, expectedKey, expectedValue);
      return;
    }
    assertEquals(expectedKey, key(node), "key");
    assertEquals(expectedValue, value(node), "value");
    int word = random.nextInt(fillerWords);
    long found = handles.getLong(node, fillerOffsetBytes + (long) word * Long.BYTES);
    assertEquals(filler(expectedKey, expectedValue, word), found, "filler");
  }

  /** Checks all that a node holds beside its references, on the bytes in place. */
  void visitWhole(long node, long expectedKey, long expectedValue) {
    try (DerefScope scope = heap.enter()) {
      MemorySegment bytes = handles.deref(scope, node);
      assertEquals(BODY_BYTES, bytes.byteSize(), "size");
      assertEquals(expectedKey, key.get(bytes), "key");
      assertEquals(expectedValue, value.get(bytes), "value");
      for (int i = 0; i < fillerWords; i++) {
        assertEquals(
            filler(expectedKey, expectedValue, i),
            bytes.get(ValueLayout.JAVA_LONG, fillerOffsetBytes + (long) i * Long.BYTES),
            "filler");
      }
    }
  }

  /** A node that a recount is to find. */
  static void expect(Collection<HeapAudit.Expected> live, long node) {
    live.add(new HeapAudit.Expected(node, BODY_BYTES, 1));
  }
}
