package io.farheap.transport.shm;

import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.mapped.Copier;
import io.farheap.transport.mapped.MappedAtomics;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.wire.Protocol;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Far memory on the same machine, mapped: it stands for memory that processors reach by loads and
 * stores, such as that behind CXL.
 *
 * <p>Reads and writes are complete when {@link #submit} returns and involve no server, also while
 * none is there. They fail with {@link SlabLostException} once the server has ended the lease.
 * Everything else, and the lease too, is the control's.
 */
public final class ShmMemory implements FarMemory {
  private final ServerControl<ShmSlab> control;
  private final Copier<ShmSlab> copier;

  private ShmMemory(ServerControl<ShmSlab> control) {
    this.control = control;
    this.copier = new Copier<>(control::find, control.slabBytes());
  }

  /**
   * Attaches to a server.
   *
   * @param options where it is and how to reach it; it must be on this machine
   * @return an open far memory
   * @throws TransportException if it cannot be reached, or does not let its slabs be mapped
   */
  public static ShmMemory open(SessionOptions options) {
    return new ShmMemory(ServerControl.open(options, Protocol.FEATURE_MAPPED_SLABS, ShmSlab::map));
  }

  @Override
  public long slabBytes() {
    return control.slabBytes();
  }

  /**
   * Allocates a slab and maps it.
   *
   * @throws TransportException if it cannot be mapped; it was given back
   */
  @Override
  public long allocateSlab() {
    return control.allocate().id();
  }

  @Override
  public void releaseSlab(long id) {
    ShmSlab slab = control.find(id);
    if (slab != null) {
      // Copies that still run must not touch what the server may give to another client.
      slab.release();
      slab.forget();
    }
    control.release(id);
  }

  /** Does nothing: local memory needs no registration here. */
  @Override
  public void registerLocal(MemorySegment region) {
    Objects.requireNonNull(region, "region");
  }

  @Override
  public void submit(Transfer transfer) {
    transfer.start();
    TransportException refusal;
    try {
      refusal = copier.carryOut(transfer);
    } catch (RuntimeException | Error e) {
      // Nothing goes on; it must not look as if something did.
      transfer.fail(TransportTimeoutException.withoutWords());
      throw e;
    }
    if (refusal == null) {
      transfer.completeInSubmit();
      return;
    }
    transfer.fail(refusal);
    if (refusal instanceof SlabLostException) {
      // Its file has no name any more; let its memory go too.
      ShmSlab slab = control.find(transfer.slab());
      if (slab != null) {
        slab.forget();
      }
    }
  }

  @Override
  public boolean completesInSubmit() {
    return true;
  }

  /** Does nothing: nothing is held back. */
  @Override
  public void flush() {}

  @Override
  public boolean poll(Transfer transfer) {
    transfer.requireSubmitted();
    return true;
  }

  /** Does nothing: what was submitted is complete. */
  @Override
  public void fence(Transfer transfer) {}

  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    return control.call(function, argument, timeoutNanos);
  }

  @Override
  public Optional<FarAtomics> atomics() {
    return Optional.of(new MappedAtomics(copier));
  }

  /** Counts what this process has copied; no server knows of it. */
  @Override
  public FarMemoryStatistics statistics() {
    return control.statistics(copier.counts());
  }

  @Override
  public long freeBytes() {
    return control.freeBytes();
  }

  @Override
  public LongSupplier clock() {
    return control.options().clock();
  }

  @Override
  public void close() {
    copier.close();
    control.close(ShmSlab::forget);
  }
}
