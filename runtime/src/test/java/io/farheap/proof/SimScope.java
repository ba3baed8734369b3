package io.farheap.proof;

import io.farheap.DerefScope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** An open scope of a simulated thread, with every segment that was dereferenced in it. */
final class SimScope {
  /** Bytes that must stay the object's, and up to date, until the scope ends. */
  record Held(SimObject object, MemorySegment segment, boolean mutable) {}

  final DerefScope scope;
  final List<Held> held = new ArrayList<>();

  SimScope(DerefScope scope) {
    this.scope = scope;
  }

  void hold(SimObject object, MemorySegment segment, boolean mutable) {
    object.check(segment, "dereference");
    held.add(new Held(object, segment, mutable));
  }

  /** An object that a scope holds keeps its place, and its bytes even after it was freed. */
  void check() {
    for (Held h : held) {
      h.object().check(h.segment(), "segment held by an open scope");
    }
  }

  void renew() {
    check();
    List<Held> before = List.copyOf(held);
    held.clear();
    scope.renew();
    checkEnded(before);
  }

  void close() {
    check();
    scope.close();
    checkEnded(held);
  }

  private static void checkEnded(List<Held> ended) {
    if (ended.isEmpty() || ended.getFirst().object().bytes.length == 0) {
      return;
    }
    try {
      ended.getFirst().segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
    } catch (IllegalStateException e) {
      return;
    }
    throw new SimulationFailure("a segment outlived its scope");
  }
}
