package io.farheap.rdma;

import io.farheap.base.memory.NativeMemory;
import io.farheap.rdma.fabric.Domain;
import io.farheap.rdma.fabric.Registration;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Registered buffers of one lane, for local memory that is not: what is written is copied into one
 * first, what is read is copied out of it. Guarded by the lane's lock.
 */
final class Buffers {
  /** Size of a buffer, and thus of a piece of a transfer that needs one. */
  static final int BUFFER_BYTES = 64 << 10;

  private static final int COUNT = 16;

  private final Arena arena = Arena.ofShared();
  private final long rawAddress = arena.allocate((long) COUNT * BUFFER_BYTES, 4096).address();
  private final int[] free = new int[COUNT];
  private int freeCount = COUNT;
  private Domain domain;
  private Registration registration;

  Buffers() {
    for (int i = 0; i < COUNT; i++) {
      free[i] = COUNT - 1 - i;
    }
  }

  /** Registers the buffers with the device of the next queue pair; the last one is closed. */
  void register(Domain next) {
    if (!next.equals(domain)) {
      unregister();
      registration = next.register(rawAddress, (long) COUNT * BUFFER_BYTES, Domain.Access.LOCAL);
      domain = next;
    }
  }

  private void unregister() {
    if (registration != null) {
      registration.close();
      registration = null;
      domain = null;
    }
  }

  int localKey() {
    return registration.localKey();
  }

  /** Takes a buffer, or {@link Operation#NO_BUFFER}. */
  int take() {
    return freeCount == 0 ? Operation.NO_BUFFER : free[--freeCount];
  }

  void giveBack(int buffer) {
    free[freeCount++] = buffer;
  }

  long rawAddress(int buffer) {
    return rawAddress + (long) buffer * BUFFER_BYTES;
  }

  /** Copies an operation's local bytes into its buffer. */
  void fill(Operation operation) {
    copy(operation.rawAddress, rawAddress(operation.buffer), operation.lengthBytes);
  }

  /** Copies an operation's buffer to its local bytes. */
  void empty(Operation operation) {
    copy(rawAddress(operation.buffer), operation.rawAddress, operation.lengthBytes);
  }

  private static void copy(long from, long to, int lengthBytes) {
    NativeMemory.copy(from, to, lengthBytes);
  }

  /** The word in a buffer. */
  long word(int buffer) {
    return NativeMemory.ALL.get(ValueLayout.JAVA_LONG, rawAddress(buffer));
  }

  /** Ends the registration and gives the memory back; no queue pair uses it any more. */
  void close() {
    unregister();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
