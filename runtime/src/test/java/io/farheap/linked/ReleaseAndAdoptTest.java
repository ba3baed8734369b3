package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.Region;
import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.error.HeapClosedException;
import io.farheap.error.LayoutException;
import io.farheap.error.OwnerCountException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import io.farheap.layout.FarRef;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;
import io.farheap.options.HeapOptions;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a pointer to a reference and back, and every wrong way to do it. */
class ReleaseAndAdoptTest {
  record Node(long key, FarRef<Node> next, FarRef<byte[]> payload) {}

  private static final RecordLayout<Node> LAYOUT = RecordLayout.of(Node.class);
  private static final LongField<Node> KEY = LAYOUT.longField("key");
  private static final RefField<Node, Node> NEXT = LAYOUT.refField("next", Node.class);

  private FarHeap heap;

  private static FarHeap open(boolean strictLeaks) {
    return FarHeap.open(
        HeapOptions.builder()
            .isolated()
            .localMemory("2MiB")
            .farMemory("64MiB")
            .slabSizeBytes(1 << 20)
            .hugePages(false)
            .strictLeaks(strictLeaks)
            .build());
  }

  @BeforeEach
  void open() {
    heap = open(false);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static Node node(long key, FarRef<Node> next) {
    return new Node(key, next, FarRef.none());
  }

  private long live() {
    return heap.stats().level(Gauge.RECORDS_LIVE);
  }

  @Test
  void aReleasedObjectLivesOnAndIsAdoptedByWhatARecordRefersTo() {
    UniquePtr<Node> tail = heap.allocate(node(2, FarRef.none()));
    FarRef<byte[]> payload = heap.allocate(new byte[] {1, 2, 3}).release();
    FarRef<Node> tailRef = tail.release();
    assertTrue(tail.isSpent());
    assertThrows(SpentPointerException.class, tail::get);
    assertThrows(SpentPointerException.class, tail::release);
    UniquePtr<Node> head = heap.allocate(new Node(1, tailRef, payload));
    assertEquals(3, live());

    assertEquals(tailRef, head.get().next());
    assertEquals(tailRef, head.get(NEXT));
    assertEquals(tailRef.handle(), head.getHandle(NEXT));
    assertEquals(tailRef.handle(), heap.handles().getHandle(head.handle(), NEXT));
    assertEquals(node(2, FarRef.none()), heap.get(head.get().next()));

    UniquePtr<Node> again = heap.adopt(head.get().next());
    assertEquals(2, again.get(KEY));
    again.set(KEY, 20);
    assertEquals(20, heap.get(tailRef).key());
    again.free();
    UniquePtr<byte[]> bytes = heap.adopt(head.get().payload());
    assertEquals(3, bytes.get().length);
    bytes.free();
    head.free();
    assertEquals(0, live());
  }

  @Test
  void referencesAreChangedThroughPointersAndHandles() {
    FarRef<Node> a = heap.allocate(node(1, FarRef.none())).release();
    FarRef<Node> b = heap.allocate(node(2, FarRef.none())).release();
    UniquePtr<Node> head = heap.allocate(node(0, FarRef.none()));
    assertTrue(head.get(NEXT).isNone());
    assertEquals(0, head.getHandle(NEXT));
    head.set(NEXT, a);
    assertEquals(a, head.get().next());
    head.setHandle(NEXT, b.handle());
    assertEquals(b, head.get().next());
    heap.handles().setHandle(head.handle(), NEXT, 0);
    assertSame(FarRef.none(), head.get().next());
    heap.set(a, node(10, b));
    assertEquals(node(10, b), heap.get(a));
    assertEquals(10, heap.handles().getLong(a.handle(), KEY));
    heap.handles().setLong(a.handle(), KEY, 11);
    assertEquals(11, heap.get(FarRef.of(Node.class, a.handle())).key());
  }

  @Test
  void aFreedObjectIsNotAdopted() {
    UniquePtr<Node> ptr = heap.allocate(node(1, FarRef.none()));
    FarRef<Node> ref = FarRef.of(Node.class, ptr.handle());
    ptr.free();
    heap.allocate(node(2, FarRef.none()));
    assertThrows(StaleHandleException.class, () -> heap.adopt(ref));
    assertThrows(StaleHandleException.class, () -> heap.get(ref));
    assertThrows(StaleHandleException.class, () -> heap.set(ref, node(3, FarRef.none())));
  }

  @Test
  void nothingIsNotAdopted() {
    StaleHandleException e =
        assertThrows(StaleHandleException.class, () -> heap.adopt(FarRef.<Node>none()));
    assertTrue(e.getMessage().contains("isNone()"), e.getMessage());
    assertThrows(StaleHandleException.class, () -> heap.get(FarRef.none()));
    assertSame(FarRef.none(), FarRef.of(Node.class, 0));
    assertEquals(0, FarRef.none().handle());
  }

  @Test
  void ofTwoAdoptersTheSecondFreeIsRefusedAndReachesNoOtherObject() {
    FarRef<Node> ref = heap.allocate(node(1, FarRef.none())).release();
    UniquePtr<Node> first = heap.adopt(ref);
    UniquePtr<Node> second = heap.adopt(ref);
    first.free();
    // Takes the same pointer record, under its next generation.
    UniquePtr<Node> other = heap.allocate(node(2, FarRef.none()));
    assertThrows(StaleHandleException.class, second::get);
    assertThrows(StaleHandleException.class, () -> second.set(KEY, 9));
    assertThrows(StaleHandleException.class, second::free);
    assertEquals(2, other.get(KEY));
    other.free();
    assertEquals(0, live());
  }

  @Test
  void aSharedObjectIsNotAdopted() {
    SharedPtr<Node> shared = heap.allocate(node(1, FarRef.none())).share();
    SharedPtr<Node> alias = shared.alias();
    FarRef<Node> ref = FarRef.of(Node.class, shared.handle());
    OwnerCountException e = assertThrows(OwnerCountException.class, () -> heap.adopt(ref));
    assertTrue(e.getMessage().contains("2 owners"), e.getMessage());
    shared.close();
    assertEquals(1, alias.get().key());
    alias.close();
  }

  @Test
  void anObjectAllocatedByHandleIsAdopted() {
    long handle = heap.handles().allocate(LAYOUT, node(5, FarRef.none()));
    try (UniquePtr<Node> ptr = heap.adopt(FarRef.of(Node.class, handle))) {
      assertEquals(5, ptr.get(KEY));
    }
    assertEquals(0, live());
    FarRef<Node> released = heap.allocate(node(6, FarRef.none())).release();
    heap.handles().free(released.handle());
    assertEquals(0, live());
  }

  @Test
  void aReferenceOfTheWrongClassIsRefusedByLength() {
    FarRef<byte[]> bytes = heap.allocateBytes(5).release();
    FarRef<Node> wrong = FarRef.of(Node.class, bytes.handle());
    assertThrows(LayoutException.class, () -> heap.get(wrong));
    FarRef<String> noRecord = FarRef.of(String.class, bytes.handle());
    LayoutException e = assertThrows(LayoutException.class, () -> heap.adopt(noRecord));
    assertTrue(e.getMessage().contains("not a record"), e.getMessage());
  }

  @Test
  void anotherHeapsHandleIsAnErrorOrNamesNothing() {
    List<FarRef<Node>> refs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      refs.add(heap.allocate(node(i, FarRef.none())).release());
    }
    try (FarHeap other = open(false)) {
      for (FarRef<Node> ref : refs) {
        assertThrows(StaleHandleException.class, () -> other.adopt(ref));
      }
    }
  }

  @Test
  void aClosedHeapAdoptsNothing() {
    FarRef<Node> ref = heap.allocate(node(1, FarRef.none())).release();
    UniquePtr<Node> ptr = heap.allocate(node(1, ref));
    heap.close();
    assertThrows(HeapClosedException.class, () -> heap.adopt(ref));
    assertThrows(HeapClosedException.class, () -> heap.get(ref));
    assertThrows(HeapClosedException.class, () -> ptr.get(NEXT));
  }

  @Test
  void aRegionsObjectsDieWithItReleasedOrAdoptedOrNot() {
    UniquePtr<Node> outside = heap.allocate(node(0, FarRef.none()));
    Region region = heap.region();
    FarRef<Node> list = FarRef.none();
    for (int i = 1; i <= 100; i++) {
      list = region.allocate(node(i, list)).release();
    }
    FarRef<Node> head = list;
    FarRef<Node> second = heap.get(head).next();
    FarRef<Node> third = heap.get(second).next();
    UniquePtr<Node> adopted = heap.adopt(second);
    heap.adopt(head).free();
    outside.set(NEXT, third);
    assertEquals(100, live());
    region.close();
    assertEquals(1, live());
    assertThrows(StaleHandleException.class, () -> heap.get(outside.get(NEXT)));
    assertThrows(StaleHandleException.class, () -> heap.adopt(third));
    assertThrows(StaleHandleException.class, adopted::get);
    assertThrows(StaleHandleException.class, adopted::free);
    assertDoesNotThrow(adopted::close);
    outside.free();
  }

  @Test
  @Timeout(60)
  void releasedPointersAreNotReportedAndAdoptedOnesAre() {
    try (FarHeap strict = open(true)) {
      FarRef<Node> list = FarRef.none();
      for (int i = 0; i < 100; i++) {
        list = strict.allocate(node(i, list)).release();
      }
      for (int i = 0; i < 10; i++) {
        Node first = strict.get(list);
        strict.adopt(list).free();
        list = first.next();
      }
      forgetAdopted(strict, list);
      while (strict.stats().count(Counter.LEAKS) < 1) {
        System.gc();
        Thread.onSpinWait();
      }
      assertEquals(1, strict.stats().count(Counter.LEAKS));
      assertFalse(strict.get(list).next().isNone());
    }
  }

  private static void forgetAdopted(FarHeap heap, FarRef<Node> ref) {
    assertEquals(ref.handle(), heap.adopt(ref).handle());
  }
}
