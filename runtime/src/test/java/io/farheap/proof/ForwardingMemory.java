package io.farheap.proof;

import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** Passes everything on to another far memory, for tests that change one thing about it. */
public class ForwardingMemory implements FarMemory {
  private final FarMemory inner;

  /** Wraps a far memory, which is closed with this one. */
  public ForwardingMemory(FarMemory inner) {
    this.inner = inner;
  }

  @Override
  public boolean poll(Transfer transfer) {
    return inner.poll(transfer);
  }

  @Override
  public long slabBytes() {
    return inner.slabBytes();
  }

  @Override
  public long allocateSlab() {
    return inner.allocateSlab();
  }

  @Override
  public void releaseSlab(long slab) {
    inner.releaseSlab(slab);
  }

  @Override
  public void registerLocal(MemorySegment region) {
    inner.registerLocal(region);
  }

  @Override
  public void submit(Transfer transfer) {
    inner.submit(transfer);
  }

  @Override
  public void flush() {
    inner.flush();
  }

  @Override
  public void fence(Transfer transfer) {
    inner.fence(transfer);
  }

  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    return inner.call(function, argument, timeoutNanos);
  }

  @Override
  public FarMemoryStatistics statistics() {
    return inner.statistics();
  }

  @Override
  public LongSupplier clock() {
    return inner.clock();
  }

  @Override
  public void close() {
    inner.close();
  }
}
