package io.farheap.internal;

import io.farheap.evacuator.Evacuator;
import io.farheap.evacuator.PageSource;
import io.farheap.evacuator.WriteBack.Status;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Reads pages for the evacuator over the transport. */
final class TransportPageSource implements PageSource {
  private final FarMemory farMemory;
  private final SlabMap slabMap;
  private final LongConsumer fetchEnded;
  private final long timeoutNanos;
  private final LongSupplier clock;
  private final Transfer[] transfers = new Transfer[Evacuator.BATCH];
  private final long[] deadlines = new long[Evacuator.BATCH];

  /**
   * Wires a source.
   *
   * @param fetchEnded told the page whose fetch ended
   */
  TransportPageSource(
      FarMemory farMemory,
      SlabMap slabMap,
      LongConsumer fetchEnded,
      long timeoutNanos,
      LongSupplier clock) {
    this.farMemory = farMemory;
    this.slabMap = slabMap;
    this.fetchEnded = fetchEnded;
    this.timeoutNanos = timeoutNanos;
    this.clock = clock;
    Arrays.setAll(transfers, i -> new Transfer());
  }

  @Override
  public void start(int slot, long farAddress, long rawAddress, int lengthBytes) {
    deadlines[slot] = clock.getAsLong() + timeoutNanos;
    farMemory.submit(slabMap.read(transfers[slot], farAddress, rawAddress, lengthBytes));
  }

  @Override
  public void flush() {
    farMemory.flush();
  }

  @Override
  public Status poll(int slot) {
    Transfer transfer = transfers[slot];
    if (!farMemory.poll(transfer)) {
      if (clock.getAsLong() - deadlines[slot] < 0) {
        return Status.PENDING;
      }
      farMemory.fence(transfer); // the frame goes to somebody else, so nothing may land in it
    }
    return transfer.isDone() ? Status.DONE : Status.FAILED;
  }

  @Override
  public void fetchEnded(long page) {
    fetchEnded.accept(page);
  }
}
