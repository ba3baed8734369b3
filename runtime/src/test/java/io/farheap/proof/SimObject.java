package io.farheap.proof;

import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.WeakPtr;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a simulation knows of one object: its bytes as they must be, and who owns it. The first
 * eight bytes are the object's own number for life, so that a message says whose bytes were found.
 */
final class SimObject {
  static final int NAME_BYTES = Long.BYTES;

  final long name;
  final byte[] bytes;
  final List<SharedPtr<byte[]>> shared = new ArrayList<>();
  final List<WeakPtr<byte[]>> weak = new ArrayList<>();
  long handle;
  UniquePtr<byte[]> unique;
  int plainOwners;
  int pins;
  boolean dead;

  SimObject(long name, int sizeBytes, SplittableRandom random) {
    this.name = name;
    this.bytes = new byte[sizeBytes];
    random.nextBytes(bytes);
    if (sizeBytes >= NAME_BYTES) {
      MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, name);
    }
  }

  int owners() {
    return (unique == null ? 0 : 1) + shared.size() + plainOwners;
  }

  /** First byte that a simulation may change. */
  int firstFree() {
    return Math.min(NAME_BYTES, bytes.length);
  }

  /** Fails unless the bytes are this object's, all of them up to date. */
  void check(MemorySegment found, String how) {
    check(found, 0, how);
  }

  /** As {@link #check(MemorySegment, String)} for bytes from an offset on. */
  void check(MemorySegment found, int offset, String how) {
    MemorySegment expected = MemorySegment.ofArray(bytes).asSlice(offset, found.byteSize());
    long wrong = found.mismatch(expected);
    if (wrong < 0) {
      return;
    }
    String whose =
        offset == 0 && found.byteSize() >= NAME_BYTES
            ? ", the bytes found begin with name " + found.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)
            : "";
    throw new SimulationFailure(
        how + " of " + this + " is wrong from byte " + (offset + wrong) + " on" + whose);
  }

  @Override
  public String toString() {
    return "object " + name + " (" + bytes.length + " bytes" + (dead ? ", freed)" : ")");
  }
}
