package io.farheap.transport.slab;

import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.util.concurrent.atomic.LongAdder;

/** What was copied so far. Used by any number of threads. */
public final class TransferCounts {
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  /** Nothing was copied yet. */
  public TransferCounts() {}

  /**
   * Counts a transfer that was carried out.
   *
   * @param transfer the transfer
   */
  public void count(Transfer transfer) {
    if (transfer.isWrite()) {
      writes.increment();
      bytesWritten.add(transfer.lengthBytes());
    } else {
      reads.increment();
      bytesRead.add(transfer.lengthBytes());
    }
  }

  /**
   * Ends a transfer, and counts it if it was carried out.
   *
   * @param transfer a transfer in flight
   * @param failure why it has failed, or null
   */
  public void completed(Transfer transfer, TransportException failure) {
    if (failure != null) {
      transfer.fail(failure);
      return;
    }
    try {
      count(transfer);
    } finally {
      // Also when there is no memory to count: the bytes are there.
      transfer.complete();
    }
  }

  /**
   * The counts, with what is known of slabs.
   *
   * @param slabs slabs that are allocated
   * @param capacity slabs that there can be
   * @param slabBytes the size of slabs
   * @return a snapshot
   */
  public FarMemoryStatistics with(long slabs, long capacity, long slabBytes) {
    return new FarMemoryStatistics(
        slabs,
        capacity,
        slabs * slabBytes,
        reads.sum(),
        writes.sum(),
        bytesRead.sum(),
        bytesWritten.sum());
  }
}
