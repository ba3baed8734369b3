package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.UniquePtr;
import io.farheap.error.ScopeException;
import io.farheap.stats.Gauge;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scopes and their segments, used where and when they must not be. */
class ScopeMisuseTest {
  private static final int MOST_SCOPES = 1 << 17;

  private FarHeap heap;
  private UniquePtr<byte[]> ptr;

  @BeforeEach
  void open() {
    heap = Heaps.small();
    ptr = heap.allocate(new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static byte first(MemorySegment segment) {
    return segment.get(ValueLayout.JAVA_BYTE, 0);
  }

  /** A callback of native code, which has the segment, tries to close the segment's scope. */
  @Test
  void aScopeWhoseSegmentIsInUseStaysOpen() throws Throwable {
    DerefScope scope = heap.enter();
    MemorySegment segment = ptr.derefMut(scope);
    List<Class<?>> refusals = new ArrayList<>();
    sort(
        segment,
        () -> {
          refusals.add(outcome(scope::renew));
          refusals.add(outcome(scope::close));
          refusals.add(outcome(scope::close));
        });
    assertEquals(Set.of(IllegalStateException.class), Set.copyOf(refusals));
    assertEquals(1, heap.stats().level(Gauge.OPEN_SCOPES));
    assertEquals(1, first(segment));
    assertEquals(1, first(ptr.deref(scope)));
    scope.close();
    assertThrows(IllegalStateException.class, () -> first(segment));
    assertEquals(0, heap.stats().level(Gauge.OPEN_SCOPES));
  }

  /** What it throws; whatever came out of a callback would end the process. */
  private static Class<?> outcome(Runnable action) {
    try {
      action.run();
      return Void.class;
    } catch (RuntimeException e) {
      return e.getClass();
    }
  }

  /** Sorts bytes by the C library, and runs something at each comparison. */
  @SuppressWarnings("restricted")
  private static void sort(MemorySegment bytes, Runnable meanwhile) throws Throwable {
    MethodHandle compare =
        MethodHandles.lookup()
            .findStatic(
                ScopeMisuseTest.class,
                "compare",
                MethodType.methodType(
                    int.class, Runnable.class, MemorySegment.class, MemorySegment.class))
            .bindTo(meanwhile);
    Linker linker = Linker.nativeLinker();
    MethodHandle qsort =
        linker.downcallHandle(
            linker.defaultLookup().find("qsort").orElseThrow(),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callback =
          linker.upcallStub(
              compare,
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
              arena);
      qsort.invokeExact(bytes, bytes.byteSize(), 1L, callback);
    }
  }

  @SuppressWarnings("UnusedMethod") // called by its handle
  private static int compare(Runnable meanwhile, MemorySegment a, MemorySegment b) {
    meanwhile.run();
    return Long.compare(a.address(), b.address());
  }

  @Test
  void segmentEndsWithItsScope() {
    MemorySegment readable;
    MemorySegment writable;
    try (DerefScope scope = heap.enter()) {
      readable = ptr.deref(scope);
      writable = ptr.derefMut(scope);
      assertEquals(1, first(readable));
      assertEquals(4, readable.byteSize());
    }
    assertThrows(IllegalStateException.class, () -> first(readable));
    assertThrows(
        IllegalStateException.class, () -> writable.set(ValueLayout.JAVA_BYTE, 0, (byte) 9));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, ptr.get());
  }

  @Test
  void segmentEndsWithRenew() {
    try (DerefScope scope = heap.enter()) {
      MemorySegment segment = ptr.deref(scope);
      scope.renew();
      assertThrows(IllegalStateException.class, () -> first(segment));
      assertEquals(1, first(ptr.deref(scope)));
    }
  }

  @Test
  void innerScopeEndsOnlyItsOwnSegments() {
    try (DerefScope outer = heap.enter()) {
      MemorySegment outerSegment = ptr.deref(outer);
      MemorySegment innerSegment;
      try (DerefScope inner = heap.enter()) {
        innerSegment = ptr.deref(inner);
      }
      assertThrows(IllegalStateException.class, () -> first(innerSegment));
      assertEquals(1, first(outerSegment));
    }
  }

  @Test
  void segmentBelongsToItsThread() {
    try (DerefScope scope = heap.enter()) {
      MemorySegment segment = ptr.deref(scope);
      assertInstanceOf(WrongThreadException.class, Heaps.thrownElsewhere(() -> first(segment)));
    }
  }

  @Test
  void readableSegmentRefusesWrites() {
    try (DerefScope scope = heap.enter()) {
      MemorySegment segment = ptr.deref(scope);
      assertTrue(segment.isReadOnly());
      assertThrows(
          IllegalArgumentException.class, () -> segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 9));
      assertThrows(IllegalArgumentException.class, () -> segment.fill((byte) 9));
    }
    assertArrayEquals(new byte[] {1, 2, 3, 4}, ptr.get());
  }

  @Test
  void segmentEndsWhereItsObjectEnds() {
    try (DerefScope scope = heap.enter()) {
      MemorySegment segment = ptr.derefMut(scope);
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> segment.set(ValueLayout.JAVA_BYTE, segment.byteSize(), (byte) 9));
      assertThrows(IndexOutOfBoundsException.class, () -> segment.get(ValueLayout.JAVA_BYTE, -1));
    }
  }

  @Test
  void closingTwiceDoesNothing() {
    DerefScope scope = heap.enter();
    scope.close();
    assertDoesNotThrow(scope::close);
    try (DerefScope other = heap.enter()) {
      scope.close();
      assertEquals(1, first(ptr.deref(other)));
    }
  }

  @Test
  void closedScopeIsRefused() {
    DerefScope scope = heap.enter();
    scope.close();
    assertThrows(ScopeException.class, () -> ptr.deref(scope));
    assertThrows(ScopeException.class, () -> ptr.derefMut(scope));
    assertThrows(ScopeException.class, () -> heap.handles().deref(scope, ptr.handle()));
    assertThrows(ScopeException.class, scope::renew);
  }

  private static Void renew(DerefScope scope) {
    scope.renew();
    return null;
  }

  private static Void close(DerefScope scope) {
    scope.close();
    return null;
  }

  @Test
  void scopeOfAnotherThreadIsRefusedAndStaysOpen() {
    try (DerefScope scope = heap.enter()) {
      assertInstanceOf(ScopeException.class, Heaps.thrownElsewhere(() -> ptr.deref(scope)));
      assertInstanceOf(ScopeException.class, Heaps.thrownElsewhere(() -> renew(scope)));
      assertInstanceOf(ScopeException.class, Heaps.thrownElsewhere(() -> close(scope)));
      assertEquals(1, first(ptr.deref(scope)));
    }
  }

  @Test
  void scopeOfAnotherHeapIsRefused() {
    try (FarHeap other = Heaps.small();
        DerefScope scope = other.enter()) {
      assertThrows(ScopeException.class, () -> ptr.deref(scope));
      assertThrows(ScopeException.class, () -> ptr.derefMut(scope));
      assertArrayEquals(new byte[] {1, 2, 3, 4}, ptr.get());
    }
  }

  @Test
  void tooManyOpenScopesAreRefusedAndTheHeapGoesOn() {
    Deque<DerefScope> scopes = new ArrayDeque<>();
    for (int i = 0; i < MOST_SCOPES; i++) {
      scopes.push(heap.enter());
    }
    assertThrows(ScopeException.class, heap::enter);
    assertThrows(ScopeException.class, ptr::get);
    scopes.pop().close();
    assertArrayEquals(new byte[] {1, 2, 3, 4}, ptr.get());
    while (!scopes.isEmpty()) {
      scopes.pop().close();
    }
  }
}
