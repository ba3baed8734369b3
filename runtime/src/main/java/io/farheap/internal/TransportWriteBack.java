package io.farheap.internal;

import io.farheap.evacuator.Evictor;
import io.farheap.evacuator.WriteBack;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Writes pages out over the transport. */
final class TransportWriteBack implements WriteBack {
  private final FarMemory farMemory;
  private final SlabMap slabMap;
  private final long timeoutNanos;
  private final LongSupplier clock;
  private final Transfer[] transfers = new Transfer[Evictor.BATCH];
  private final long[] deadlines = new long[Evictor.BATCH];
  private final long[] farAddresses = new long[Evictor.BATCH];

  TransportWriteBack(FarMemory farMemory, SlabMap slabMap, long timeoutNanos, LongSupplier clock) {
    this.farMemory = farMemory;
    this.slabMap = slabMap;
    this.timeoutNanos = timeoutNanos;
    this.clock = clock;
    Arrays.setAll(transfers, i -> new Transfer());
  }

  @Override
  public boolean has(long farAddress, int lengthBytes) {
    return slabMap.has(farAddress, lengthBytes);
  }

  @Override
  public void start(int slot, long farAddress, long rawAddress, int lengthBytes) {
    deadlines[slot] = clock.getAsLong() + timeoutNanos;
    farAddresses[slot] = farAddress;
    farMemory.submit(slabMap.writePages(transfers[slot], farAddress, rawAddress, lengthBytes));
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
      farMemory.fence(transfer); // the page may be written again, so this write must not land later
    }
    if (transfer.isDone()) {
      slabMap.written(farAddresses[slot], transfer.slab(), transfer.lengthBytes());
      return Status.DONE;
    }
    slabMap.failed(transfer.failure(), farAddresses[slot], transfer.slab());
    return Status.FAILED;
  }
}
