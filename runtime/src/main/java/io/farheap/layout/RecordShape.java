package io.farheap.layout;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A record class laid out: its components in declared order, each at its natural alignment, and the
 * whole rounded up to the largest alignment among them.
 *
 * @param type the record class
 * @param constructor the canonical constructor: {@code (carriers...) -> Object}
 * @param components in declared order
 * @param lengthBytes with the padding at the end
 * @param alignmentBytes 1, 2, 4 or 8
 * @param parts components of this record and of all records within it
 */
record RecordShape(
    Class<?> type,
    MethodHandle constructor,
    List<Component> components,
    int lengthBytes,
    int alignmentBytes,
    int parts) {

  /** Rounds up to a power of two. */
  static long alignUp(long offsetBytes, int alignmentBytes) {
    return (offsetBytes + alignmentBytes - 1) & -alignmentBytes;
  }

  /** The component of that name, or null. */
  Component find(String name) {
    for (Component component : components) {
      if (component.name().equals(name)) {
        return component;
      }
    }
    return null;
  }

  StructLayout memoryLayout() {
    List<MemoryLayout> members = new ArrayList<>();
    int end = 0;
    for (Component component : components) {
      pad(members, component.offsetBytes() - end);
      members.add(component.memoryLayout().withName(component.name()));
      end = component.offsetBytes() + component.lengthBytes();
    }
    pad(members, lengthBytes - end);
    return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new))
        .withName(type.getSimpleName());
  }

  private static void pad(List<MemoryLayout> members, int gapBytes) {
    if (gapBytes > 0) {
      members.add(MemoryLayout.paddingLayout(gapBytes));
    }
  }
}
