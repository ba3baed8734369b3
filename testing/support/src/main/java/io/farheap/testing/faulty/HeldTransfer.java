package io.farheap.testing.faulty;

import io.farheap.transport.Transfer;

/**
 * A transfer that was submitted to a {@link FaultyMemory}, and the shadow of it that the wrapped
 * far memory sees. All fields are guarded by the memory's lock.
 *
 * <pre>
 *   HELD ──sendShadow()──► SENT       both ──settle──► gone, the transfer is complete
 * </pre>
 */
final class HeldTransfer {
  /** What becomes of a transfer. */
  enum Fate {
    /** Passed on at once. */
    PASS,
    /** Completes late. */
    DELAY,
    /** Carried out in random order. */
    REORDER,
    /** Fails. */
    FAIL,
    /** Never completes by itself. */
    DROP
  }

  final FaultyMemory memory;
  final Transfer transfer;
  final Fate fate;
  final Transfer shadow = new Transfer();
  int pollsLeft;
  long notBeforeNanos;
  private boolean sent;

  HeldTransfer(FaultyMemory memory, Transfer transfer, Fate fate) {
    this.memory = memory;
    this.transfer = transfer;
    this.fate = fate;
    if (transfer.isWrite()) {
      shadow.write(
          transfer.slab(), transfer.slabOffset(), transfer.rawAddress(), transfer.lengthBytes());
    } else {
      shadow.read(
          transfer.slab(), transfer.slabOffset(), transfer.rawAddress(), transfer.lengthBytes());
    }
  }

  boolean isSent() {
    return sent;
  }

  /** Notes that the shadow is being submitted. */
  Transfer sendShadow() {
    if (sent) {
      throw new IllegalStateException("sent twice: " + transfer);
    }
    sent = true;
    return shadow;
  }
}
