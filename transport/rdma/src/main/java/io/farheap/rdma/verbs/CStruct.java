package io.farheap.rdma.verbs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lays a C structure out by the rules of x86-64: each field follows the one before at a multiple of
 * its own alignment, and the whole is a multiple of the largest.
 *
 * <p>Fields are told in the order of the header. A name that begins with {@code _} only takes room.
 */
final class CStruct {
  private final String name;
  private final Map<String, Integer> offsets = new LinkedHashMap<>();
  private int position;
  private int end;
  private int alignment = 1;

  CStruct(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The offset of each field, by its name in C. */
  Map<String, Integer> offsets() {
    return Collections.unmodifiableMap(offsets);
  }

  int uint8(String field) {
    return field(field, 1, 1);
  }

  int uint16(String field) {
    return field(field, 2, 2);
  }

  int int32(String field) {
    return field(field, 4, 4);
  }

  int int64(String field) {
    return field(field, 8, 8);
  }

  int pointer(String field) {
    return field(field, 8, 8);
  }

  /** A field of {@code bytes} bytes that begins at a multiple of {@code align}. */
  int field(String field, int bytes, int align) {
    int offset = roundUp(position, align);
    position = offset + bytes;
    end = Math.max(end, position);
    alignment = Math.max(alignment, align);
    if (!field.startsWith("_")) {
      offsets.put(field, offset);
    }
    return offset;
  }

  /** Goes back to {@code offset}, where the next member of a union begins. */
  void union(int offset) {
    position = offset;
  }

  /** Goes to the end of a union. */
  void afterUnion(int align) {
    position = roundUp(end, align);
  }

  /** The size of the structure in bytes. */
  int bytes() {
    return roundUp(end, alignment);
  }

  private static int roundUp(int value, int align) {
    return (value + align - 1) & -align;
  }
}
