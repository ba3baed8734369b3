package io.farheap.transport.mapped;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.slab.Slab;
import io.farheap.transport.slab.TransferCounts;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.function.LongFunction;

/**
 * Copies between local memory and mapped slabs: checks, copies, counts. Used by any number of
 * threads.
 *
 * <p>Who copies looks before and after whether the slab is usable; who takes a slab away makes it
 * unusable first, and its bytes something else then. So a copy that was seen as done has touched
 * the slab, and one that came too late has touched memory that means nothing, but is there.
 *
 * @param <S> what is known of a slab
 */
public final class Copier<S extends Slab & Mapped> {
  private final LongFunction<S> slabs;
  private final long slabBytes;
  private final TransferCounts counts = new TransferCounts();
  private volatile boolean closed;

  /**
   * A copier.
   *
   * @param slabs answers the slab of an id, or null
   * @param slabBytes the size of slabs
   */
  public Copier(LongFunction<S> slabs, long slabBytes) {
    this.slabs = slabs;
    this.slabBytes = slabBytes;
  }

  /**
   * Copies at once.
   *
   * @param transfer what to copy
   * @return null, or why it could not
   */
  public TransportException carryOut(Transfer transfer) {
    S slab = slabs.apply(transfer.slab());
    if (slab == null || !slab.isUsable() || Refusals.isOutOfRange(transfer, slabBytes)) {
      return refusal(transfer, slab);
    }
    try {
      copy(transfer, slab.rawAddress() + transfer.slabOffset());
      // What was read comes before this second look.
      VarHandle.acquireFence();
      if (!slab.isUsable()) {
        return refusal(transfer, slab);
      }
      counts.count(transfer);
      return null;
    } finally {
      Reference.reachabilityFence(slab);
    }
  }

  private static void copy(Transfer transfer, long farRawAddress) {
    if (transfer.isWrite()) {
      NativeMemory.copy(transfer.rawAddress(), farRawAddress, transfer.lengthBytes());
    } else {
      NativeMemory.copy(farRawAddress, transfer.rawAddress(), transfer.lengthBytes());
    }
  }

  private TransportException refusal(Transfer transfer, S slab) {
    return closed ? Refusals.closed() : Refusals.of(transfer, slab, slabBytes);
  }

  /**
   * What was copied.
   *
   * @return the counts
   */
  public TransferCounts counts() {
    return counts;
  }

  /** From now on what fails does so because of the closing. */
  public void close() {
    closed = true;
  }

  /**
   * Whether it was closed.
   *
   * @return true for good once it was
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * The slab of an id, for an operation that is no transfer; to be asked before and after, as for a
   * copy.
   *
   * @param id a slab id
   * @return a usable slab
   * @throws TransportException if it is not usable
   */
  S require(long id) {
    S slab = slabs.apply(id);
    if (slab == null || !slab.isUsable()) {
      if (closed) {
        throw Refusals.closed();
      }
      throw slab != null && slab.isLost()
          ? Refusals.lost("slab " + id)
          : Refusals.notAllocated("slab " + id);
    }
    return slab;
  }

  long slabBytes() {
    return slabBytes;
  }
}
