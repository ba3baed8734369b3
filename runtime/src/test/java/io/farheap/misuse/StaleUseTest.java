package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.FarPtr;
import io.farheap.Handles;
import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.WeakPtr;
import io.farheap.error.FarHeapException;
import io.farheap.error.OwnerCountException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Use of objects that are gone, and of pointers that gave theirs away. */
class StaleUseTest {
  private static final int MAX_OWNERS = (1 << 19) - 1;

  private FarHeap heap;
  private Handles handles;

  @BeforeEach
  void open() {
    heap = Heaps.small();
    handles = heap.handles();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static void assertAllThrow(
      Class<? extends FarHeapException> type, Map<String, Executable> uses) {
    uses.forEach((name, use) -> assertThrows(type, use, name));
  }

  private Map<String, Executable> usesOf(FarPtr<byte[]> ptr) {
    Map<String, Executable> uses = new LinkedHashMap<>();
    uses.put("get", ptr::get);
    uses.put("set", () -> ptr.set(new byte[16]));
    uses.put("handle", ptr::handle);
    uses.put("lengthBytes", ptr::lengthBytes);
    uses.put("read", () -> ptr.read(0, new byte[1]));
    uses.put("write", () -> ptr.write(0, new byte[1]));
    uses.put("pin", ptr::pin);
    uses.put("pinMut", ptr::pinMut);
    uses.put("pinShared", ptr::pinShared);
    uses.put("free", ptr::free);
    uses.put("deref", () -> inScope(ptr::deref));
    uses.put("derefMut", () -> inScope(ptr::derefMut));
    return uses;
  }

  private interface InScope {
    void use(DerefScope scope);
  }

  private void inScope(InScope use) {
    try (DerefScope scope = heap.enter()) {
      use.use(scope);
    }
  }

  private Map<String, Executable> usesOf(long handle) {
    Map<String, Executable> uses = new LinkedHashMap<>();
    uses.put("getLong", () -> handles.getLong(handle, 0));
    uses.put("setLong", () -> handles.setLong(handle, 0, 1));
    uses.put("getByte", () -> handles.getByte(handle, 0));
    uses.put("lengthBytes", () -> handles.lengthBytes(handle));
    uses.put("read", () -> handles.read(handle, 0, MemorySegment.ofArray(new byte[1])));
    uses.put("free", () -> handles.free(handle));
    uses.put("deref", () -> inScope(scope -> handles.deref(scope, handle)));
    uses.put("derefMut", () -> inScope(scope -> handles.derefMut(scope, handle)));
    return uses;
  }

  @Test
  void freedPointerIsSpent() {
    UniquePtr<byte[]> ptr = heap.allocate(new byte[16]);
    ptr.free();
    assertTrue(ptr.isSpent());
    assertAllThrow(SpentPointerException.class, usesOf(ptr));
    assertThrows(SpentPointerException.class, ptr::move);
    assertThrows(SpentPointerException.class, ptr::share);
    assertDoesNotThrow(ptr::close);
    assertTrue(ptr.toString().contains("spent"));
  }

  @Test
  void movedPointerIsSpentAndItsObjectLives() {
    UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1, 2, 3});
    UniquePtr<byte[]> moved = ptr.move();
    assertAllThrow(SpentPointerException.class, usesOf(ptr));
    ptr.close();
    assertArrayEquals(new byte[] {1, 2, 3}, moved.get());
  }

  @Test
  void sharedPointerIsSpentAndItsObjectLives() {
    UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1, 2, 3});
    SharedPtr<byte[]> shared = ptr.share();
    assertAllThrow(SpentPointerException.class, usesOf(ptr));
    assertArrayEquals(new byte[] {1, 2, 3}, shared.get());
  }

  @Test
  void handleOfFreedObjectIsStaleEvenWhenItsRecordIsUsedAgain() {
    long handle = handles.allocate(16);
    handles.free(handle);
    assertAllThrow(StaleHandleException.class, usesOf(handle));
    assertFalse(handles.retain(handle));
    for (int i = 0; i < 1000; i++) {
      long next = handles.allocate(16);
      assertAllThrow(StaleHandleException.class, usesOf(handle));
      handles.setLong(next, 0, i);
      assertEquals(i, handles.getLong(next, 0));
      handles.free(next);
    }
  }

  @Test
  void pointerWhoseObjectWasFreedByHandleIsStale() {
    UniquePtr<byte[]> ptr = heap.allocate(new byte[16]);
    handles.free(ptr.handle());
    Map<String, Executable> uses = usesOf(ptr);
    uses.remove("handle");
    Executable free = uses.remove("free");
    assertAllThrow(StaleHandleException.class, uses);
    assertThrows(StaleHandleException.class, free);
    assertAllThrow(SpentPointerException.class, uses);
  }

  @Test
  void sharedObjectDiesWithItsLastOwner() {
    SharedPtr<byte[]> first = heap.allocate(new byte[] {7}).share();
    WeakPtr<byte[]> weak = first.weak();
    SharedPtr<byte[]> second = first.alias();
    SharedPtr<byte[]> third = weak.lock().orElseThrow();
    first.close();
    assertAllThrow(SpentPointerException.class, usesOf(first));
    assertThrows(SpentPointerException.class, first::alias);
    assertThrows(SpentPointerException.class, first::weak);
    second.close();
    assertArrayEquals(new byte[] {7}, third.get());
    long handle = third.handle();
    third.free();
    assertThrows(SpentPointerException.class, third::free);
    assertTrue(weak.lock().isEmpty());
    assertAllThrow(StaleHandleException.class, usesOf(handle));
  }

  @Test
  void weakPointerOfReusedRecordStaysEmpty() {
    SharedPtr<byte[]> ptr = heap.allocate(new byte[] {7}).share();
    WeakPtr<byte[]> weak = ptr.weak();
    ptr.free();
    for (int i = 0; i < 100; i++) {
      try (UniquePtr<byte[]> next = heap.allocate(new byte[] {8})) {
        assertTrue(weak.lock().isEmpty());
        assertArrayEquals(new byte[] {8}, next.get());
      }
    }
  }

  @Test
  void nullHandleNamesNothing() {
    for (Executable use : usesOf(0L).values()) {
      assertThrows(FarHeapException.class, use);
    }
    assertFalse(handles.retain(0));
  }

  @Test
  void handleOfAnotherHeapIsStale() {
    try (FarHeap other = Heaps.small()) {
      long foreign = 0;
      for (int i = 0; i < 5000; i++) {
        foreign = other.handles().allocate(16);
      }
      assertAllThrow(StaleHandleException.class, usesOf(foreign));
      assertFalse(handles.retain(foreign));
      assertEquals(0, other.handles().getLong(foreign, 0));
    }
  }

  @Test
  void tooManyOwnersAreRefusedAndTheObjectLives() {
    long handle = handles.allocate(8);
    handles.setLong(handle, 0, 42);
    for (int owners = 1; owners < MAX_OWNERS; owners++) {
      assertTrue(handles.retain(handle));
    }
    assertThrows(OwnerCountException.class, () -> handles.retain(handle));
    assertEquals(42, handles.getLong(handle, 0));
    handles.free(handle);
    assertTrue(handles.retain(handle));
    for (int owners = MAX_OWNERS; owners > 0; owners--) {
      handles.free(handle);
    }
    assertThrows(StaleHandleException.class, () -> handles.free(handle));
  }
}
