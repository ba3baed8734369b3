package io.farheap.internal.far;

import io.farheap.allocator.PageTrip;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;

/**
 * A trip by one transfer. The slab map is told what it meets of lost slabs, and which pages it has
 * written.
 */
public final class TransportTrip implements PageTrip {
  private final FarMemory farMemory;
  private final SlabMap slabMap;
  private final long timeoutNanos;
  private final Transfer transfer = new Transfer();
  private long farAddress;
  private long deadlineNanos;

  /**
   * A trip that is not under way.
   *
   * @param timeoutNanos after so long it is overdue
   */
  TransportTrip(FarMemory farMemory, SlabMap slabMap, long timeoutNanos) {
    this.farMemory = farMemory;
    this.slabMap = slabMap;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public void read(long fromFarAddress, long rawAddress, int lengthBytes) {
    submit(fromFarAddress, slabMap.read(ready(), fromFarAddress, rawAddress, lengthBytes));
  }

  @Override
  public void write(long toFarAddress, long rawAddress, int lengthBytes) {
    submit(toFarAddress, slabMap.writePages(ready(), toFarAddress, rawAddress, lengthBytes));
  }

  /** As {@link #write}, of a part of what is in far memory already. */
  public void writePart(long toFarAddress, long rawAddress, int lengthBytes) {
    submit(toFarAddress, slabMap.writePart(ready(), toFarAddress, rawAddress, lengthBytes));
  }

  /** One that could not be ended before is ended first. */
  private Transfer ready() {
    if (transfer.state() == Transfer.IN_FLIGHT) {
      farMemory.fence(transfer);
    }
    return transfer;
  }

  private void submit(long address, Transfer filled) {
    farAddress = address;
    deadlineNanos = farMemory.clock().getAsLong() + timeoutNanos;
    farMemory.submit(filled);
  }

  @Override
  public Status poll() {
    if (!farMemory.poll(transfer) && farMemory.clock().getAsLong() - deadlineNanos < 0) {
      return Status.PENDING;
    }
    return end();
  }

  /**
   * Waits for the trip's end.
   *
   * @param mostNanos how long to wait at most from now on; no longer than the timeout in any case
   * @throws TransportException why it failed
   */
  public void await(long mostNanos) {
    try {
      farMemory.flush();
      farMemory.await(transfer, farMemory.clock().getAsLong() + Math.min(timeoutNanos, mostNanos));
    } catch (TransportException e) {
      slabMap.failed(e, farAddress, transfer.slab());
      throw e;
    }
  }

  @Override
  public Status end() {
    if (transfer.state() == Transfer.IN_FLIGHT) {
      farMemory.fence(transfer); // who owns the bytes goes on, so nothing may land later
    }
    if (!transfer.isDone()) {
      TransportException failure = transfer.failure();
      if (failure != null) {
        slabMap.failed(failure, farAddress, transfer.slab());
      }
      return Status.FAILED;
    }
    if (transfer.isWrite()) {
      slabMap.written(farAddress, transfer.slab(), transfer.lengthBytes());
    }
    return Status.DONE;
  }

  /** Where its bytes are in far address space. */
  public long farAddress() {
    return farAddress;
  }

  /** How many bytes it carries. */
  public int lengthBytes() {
    return transfer.lengthBytes();
  }
}
