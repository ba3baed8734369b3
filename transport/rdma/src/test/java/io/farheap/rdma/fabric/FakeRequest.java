package io.farheap.rdma.fabric;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A request of a fake queue pair.
 *
 * @param kind what it does
 * @param id its id
 * @param signalled whether success is reported
 * @param rawAddress local bytes
 * @param lengthBytes how many
 * @param localKey key of the local bytes
 * @param inline what is written, if it was copied when it was added
 * @param remoteAddress remote bytes
 * @param remoteKey key of the remote bytes
 * @param expected operand of a compare-and-swap
 * @param operand operand of an atomic operation
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FakeRequest(
    Kind kind,
    long id,
    boolean signalled,
    long rawAddress,
    int lengthBytes,
    int localKey,
    byte[] inline,
    long remoteAddress,
    int remoteKey,
    long expected,
    long operand) {
  enum Kind {
    READ,
    WRITE,
    SWAP,
    ADD
  }

  static MemorySegment memory(long rawAddress, long lengthBytes) {
    return NativeMemory.view(rawAddress, lengthBytes);
  }

  /** What a write carries: as the device reads it when it sends. */
  FakeRequest sent() {
    byte[] bytes =
        kind == Kind.WRITE && inline == null
            ? memory(rawAddress, lengthBytes).toArray(ValueLayout.JAVA_BYTE)
            : inline;
    return new FakeRequest(
        kind,
        id,
        signalled,
        rawAddress,
        lengthBytes,
        localKey,
        bytes,
        remoteAddress,
        remoteKey,
        expected,
        operand);
  }

  /** Carries it out; answers the status. The caller holds the domain's lock. */
  int carryOut(FakeDomain remote) {
    if (!remote.allows(remoteKey, remoteAddress, lengthBytes, Domain.Access.REMOTE)) {
      return QueuePair.REMOTE_ACCESS;
    }
    MemorySegment far = memory(remoteAddress, lengthBytes);
    switch (kind) {
      case READ -> MemorySegment.copy(far, 0, memory(rawAddress, lengthBytes), 0, lengthBytes);
      case WRITE -> {
        byte[] bytes = sent().inline;
        MemorySegment.copy(bytes, 0, far, ValueLayout.JAVA_BYTE, 0, lengthBytes);
      }
      case SWAP, ADD -> {
        long before = far.get(ValueLayout.JAVA_LONG, 0);
        memory(rawAddress, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, before);
        if (kind == Kind.ADD) {
          far.set(ValueLayout.JAVA_LONG, 0, before + operand);
        } else if (before == expected) {
          far.set(ValueLayout.JAVA_LONG, 0, operand);
        }
      }
    }
    return QueuePair.SUCCESS;
  }
}
