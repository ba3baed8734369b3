package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.layout.FarRef;
import io.farheap.layout.Length;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;
import io.farheap.proof.HeapAudit;
import java.util.Collection;
import java.util.SplittableRandom;

/** A singly linked far list, and a list of Java objects beside it. */
final class TwinnedList implements TwinnedStructure {
  @SuppressWarnings("ArrayRecordComponent")
  record Link(long key, long value, FarRef<Link> next, @Length(4) long[] filler) {}

  static final RecordLayout<Link> LAYOUT = RecordLayout.of(Link.class);
  static final RefField<Link, Link> NEXT = LAYOUT.refField("next", Link.class);

  private static final int LONGEST_WALK = 40;

  /** What the far list must hold. */
  private static final class Twin {
    final long key;
    long value;
    Twin next;

    Twin(long key, long value, Twin next) {
      this.key = key;
      this.value = value;
      this.next = next;
    }
  }

  private final Handles handles;
  private final SplittableRandom random;
  private final Nodes<Link> nodes;

  /** Node before the first, so that every node has one before it. */
  private final Twin twinHead = new Twin(-1, -1, null);

  private final long head;

  /** Both cursors are at the same node at any time. */
  private Twin twinCursor = twinHead;

  private long cursor;
  private long lastKey;

  TwinnedList(FarHeap heap, SplittableRandom random) {
    this.handles = heap.handles();
    this.random = random;
    this.nodes = linkNodes(heap, random);
    this.head = nodes.add(-1, -1);
    this.cursor = head;
  }

  static Nodes<Link> linkNodes(FarHeap heap, SplittableRandom random) {
    return new Nodes<>(
        heap,
        random,
        (key, value, filler) -> new Link(key, value, FarRef.none(), filler),
        LAYOUT.longField("key"),
        LAYOUT.longField("value"),
        LAYOUT.offsetOf("filler"));
  }

  private void insertAfterCursor() {
    long key = ++lastKey;
    long value = random.nextLong();
    long node = nodes.add(key, value);
    handles.setHandle(node, NEXT, handles.getHandle(cursor, NEXT));
    handles.setHandle(cursor, NEXT, node);
    twinCursor.next = new Twin(key, value, twinCursor.next);
  }

  private void removeAfterCursor() {
    Twin dying = twinCursor.next;
    if (dying == null) {
      return;
    }
    long node = handles.getHandle(cursor, NEXT);
    nodes.visit(node, dying.key, dying.value);
    handles.setHandle(cursor, NEXT, handles.getHandle(node, NEXT));
    twinCursor.next = dying.next;
    nodes.free(node);
  }

  private void walk(int steps) {
    for (int i = 0; i < steps; i++) {
      long next = handles.getHandle(cursor, NEXT);
      assertEquals(twinCursor.next == null, next == 0, "end of the list");
      cursor = next == 0 ? head : next;
      twinCursor = next == 0 ? twinHead : twinCursor.next;
      nodes.visit(cursor, twinCursor.key, twinCursor.value);
    }
  }

  @Override
  public void build(int count) {
    while (nodes() < count) {
      insertAfterCursor();
      walk(random.nextInt(2));
    }
  }

  @Override
  public void step() {
    walk(random.nextInt(LONGEST_WALK));
    switch (random.nextInt(4)) {
      case 0 -> insertAfterCursor();
      case 1 -> removeAfterCursor();
      case 2 -> {
        twinCursor.value = random.nextLong();
        nodes.setValue(cursor, twinCursor.key, twinCursor.value);
      }
      default -> {
        cursor = head;
        twinCursor = twinHead;
      }
    }
  }

  @Override
  public void compare() {
    Twin twin = twinHead;
    for (long node = head; node != 0; node = handles.getHandle(node, NEXT)) {
      nodes.visitWhole(node, twin.key, twin.value);
      twin = twin.next;
    }
    assertEquals(null, twin, "the far list is shorter");
  }

  @Override
  public void collect(Collection<HeapAudit.Expected> live) {
    for (long node = head; node != 0; node = handles.getHandle(node, NEXT)) {
      Nodes.expect(live, node);
    }
  }

  @Override
  public long nodes() {
    return nodes.count();
  }

  @Override
  public void freeAll() {
    for (long node = head; node != 0; ) {
      long next = handles.getHandle(node, NEXT);
      nodes.free(node);
      node = next;
    }
  }
}
