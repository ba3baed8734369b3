package io.farheap.transport.embedded;

import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.mapped.Copier;
import io.farheap.transport.mapped.MappedAtomics;
import io.farheap.transport.slab.Refusals;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Far memory in this process's own native memory.
 *
 * <p>The submitter copies inside {@link #submit}; injected latency is a due time that {@link #poll}
 * compares with the clock, which is read only if there is any latency. With a thread of its own the
 * copy and the completion are that thread's. Slabs take memory only once they are touched, and on
 * huge pages where the system gives them.
 */
public final class EmbeddedMemory implements FarMemory {
  private final EmbeddedOptions options;
  private final EmbeddedSlabs slabs;
  private final Copier<EmbeddedSlab> copier;
  private final boolean delayed;

  /** Null if submitters copy themselves. */
  private final CopyAgent agent;

  /**
   * Reserves the memory; it is committed as it is touched.
   *
   * @param options how it behaves
   * @throws TransportException if the system refuses the memory
   */
  public EmbeddedMemory(EmbeddedOptions options) {
    this.options = options;
    long slabBytes = options.slabBytes();
    this.slabs = new EmbeddedSlabs(options.capacityBytes() / slabBytes, slabBytes);
    this.copier = new Copier<>(slabs::find, slabBytes);
    this.delayed = options.isDelayed();
    this.agent = options.ownThread() ? new CopyAgent(copier, options) : null;
    if (agent != null) {
      agent.start();
    }
  }

  @Override
  public long slabBytes() {
    return options.slabBytes();
  }

  @Override
  public long allocateSlab() {
    return slabs.allocate().id();
  }

  @Override
  public void releaseSlab(long slab) {
    slabs.release(slab);
  }

  /** Does nothing: local memory needs no registration here. */
  @Override
  public void registerLocal(MemorySegment region) {
    Objects.requireNonNull(region, "region");
  }

  @Override
  public void submit(Transfer transfer) {
    transfer.requireIdle();
    if (delayed) {
      transfer.dueNanos(options.dueNanos(transfer.lengthBytes()));
    }
    transfer.start();
    if (agent != null) {
      agent.submit(transfer);
      return;
    }
    TransportException refusal;
    try {
      refusal = copier.carryOut(transfer);
    } catch (RuntimeException | Error e) {
      // Nothing goes on; it must not look as if something did.
      transfer.fail(TransportTimeoutException.withoutWords());
      throw e;
    }
    if (refusal != null) {
      transfer.fail(refusal);
    } else if (!delayed) {
      transfer.completeInSubmit();
    }
  }

  @Override
  public boolean completesInSubmit() {
    return agent == null && !delayed;
  }

  @Override
  public void flush() {}

  @Override
  public boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    transfer.requireSubmitted();
    if (agent != null) {
      return false;
    }
    if (copier.isClosed()) {
      transfer.fail(Refusals.closed());
      return true;
    }
    if (options.clock().getAsLong() - transfer.dueNanos() < 0) {
      return false;
    }
    transfer.complete();
    return true;
  }

  @Override
  public void fence(Transfer transfer) {
    if (transfer.state() != Transfer.IN_FLIGHT) {
      return;
    }
    if (agent != null) {
      agent.fence(transfer);
    } else if (!poll(transfer)) {
      transfer.fail(TransportTimeoutException.fenced(transfer));
    }
  }

  /** Calls {@code echo}, which returns its argument, or {@code ping}, which returns no bytes. */
  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(argument, "argument");
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("timeoutNanos=" + timeoutNanos + ": choose more than 0");
    }
    if (copier.isClosed()) {
      throw Refusals.closed();
    }
    return Functions.call(function, argument);
  }

  @Override
  public Optional<FarAtomics> atomics() {
    return Optional.of(new MappedAtomics(copier));
  }

  @Override
  public FarMemoryStatistics statistics() {
    return copier.counts().with(slabs.count(), slabs.capacity(), options.slabBytes());
  }

  @Override
  public long freeBytes() {
    return (slabs.capacity() - slabs.count()) * options.slabBytes();
  }

  @Override
  public LongSupplier clock() {
    return options.clock();
  }

  @Override
  public synchronized void close() {
    if (copier.isClosed()) {
      return;
    }
    copier.close();
    if (agent != null) {
      agent.stop();
    }
    slabs.close();
  }

  /** The raw address of a slab's first byte. */
  long rawAddress(long slab) {
    return slabs.find(slab).rawAddress();
  }
}
