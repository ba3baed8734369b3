package io.farheap.transport.shm;

import io.farheap.base.memory.MappedFile;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.memory.SlabRanges;
import io.farheap.transport.tcp.RemoteSlab;
import io.farheap.transport.tcp.TcpMemory;
import io.farheap.transport.tcp.TcpOptions;
import io.farheap.transport.wire.MappedSlab;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.WireException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Far memory on the same machine, mapped: it stands for memory that processors reach by loads and
 * stores, such as that behind CXL.
 *
 * <p>Reads and writes are complete when {@link #submit} returns and involve no server, also while
 * none is there. They fail with {@link io.farheap.transport.SlabLostException} once the server has
 * ended the lease. Everything else is a {@link TcpMemory}'s, which sees to the lease too.
 */
public final class ShmMemory implements FarMemory {
  private final TcpMemory control;
  private final ShmCopier copier;
  private final ShmTable slabs = new ShmTable();
  private final ShmAtomics atomics;
  private volatile boolean closed;

  private ShmMemory(TcpMemory control) {
    this.control = control;
    this.copier = new ShmCopier(control.slabBytes());
    this.atomics = new ShmAtomics(slabs, control.slabBytes(), () -> closed);
  }

  /**
   * Attaches to the servers.
   *
   * @param options where they are and how to reach them; they must be on this machine
   * @return an open far memory
   * @throws TransportException if none can be reached, or one does not let its slabs be mapped
   */
  public static ShmMemory open(TcpOptions options) {
    TcpMemory control = TcpMemory.open(options, Protocol.FEATURE_MAPPED_SLABS);
    return new ShmMemory(control);
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
    requireOpen();
    long id = control.allocateSlab();
    boolean mapped = false;
    try {
      RemoteSlab remote = control.find(id);
      if (remote == null) {
        throw ShmCopier.closed();
      }
      ShmSlab slab = new ShmSlab(remote, map(remote));
      slabs.add(slab);
      if (closed) {
        slab.forget();
        throw ShmCopier.closed();
      }
      mapped = true;
      return id;
    } finally {
      if (!mapped && !closed) {
        control.releaseSlab(id);
      }
    }
  }

  private MappedFile map(RemoteSlab remote) {
    try {
      MappedSlab where = MappedSlab.decode(ByteBuffer.wrap(remote.where()));
      return SlabRanges.open(Path.of(where.file()), slabBytes());
    } catch (WireException | InvalidPathException e) {
      throw new TransportException("the memory server names a file that is no slab", e);
    }
  }

  @Override
  public void releaseSlab(long id) {
    requireOpen();
    ShmSlab slab = slabs.find(id);
    if (slab == null || !slabs.remove(slab)) {
      throw new RequestRefusedException(
          "slab " + id + " is not allocated; it was released already or never existed");
    }
    slab.forget();
    control.releaseSlab(id);
  }

  /** Does nothing: local memory needs no registration here. */
  @Override
  public void registerLocal(MemorySegment region) {
    Objects.requireNonNull(region, "region");
  }

  @Override
  public void submit(Transfer transfer) {
    transfer.start();
    ShmSlab slab = slabs.find(transfer.slab());
    TransportException refusal;
    try {
      refusal = slab == null ? ShmCopier.released(transfer) : copier.carryOut(transfer, slab);
    } catch (RuntimeException | Error e) {
      // Nothing goes on; it must not look as if something did.
      transfer.fail(TransportTimeoutException.withoutWords());
      throw e;
    }
    if (refusal == null) {
      transfer.completeInSubmit();
    } else {
      transfer.fail(closed ? ShmCopier.closed() : refusal);
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
    return Optional.of(atomics);
  }

  /** Counts what this process has copied; no server knows of it. */
  @Override
  public FarMemoryStatistics statistics() {
    FarMemoryStatistics allocated = control.statistics();
    return new FarMemoryStatistics(
        allocated.slabsAllocated(),
        allocated.slabCapacity(),
        allocated.bytesAllocated(),
        copier.reads(),
        copier.writes(),
        copier.bytesRead(),
        copier.bytesWritten());
  }

  @Override
  public LongSupplier clock() {
    return control.clock();
  }

  @Override
  public void close() {
    closed = true;
    control.close();
    slabs.clear().forEach(ShmSlab::forget);
  }

  private void requireOpen() {
    if (closed) {
      throw ShmCopier.closed();
    }
  }
}
