package io.farheap.internal.far;

import io.farheap.allocator.FarPages;
import io.farheap.transport.FarMemory;
import java.util.function.LongConsumer;

/** Pages in far memory that is reached by a transport. */
public final class TransportPages implements FarPages {
  private final FarMemory farMemory;
  private final SlabMap slabMap;
  private final LongConsumer fetchEnded;
  private final long timeoutNanos;

  /**
   * Wires it.
   *
   * @param fetchEnded told the page whose fetch ended
   * @param timeoutNanos after so long a trip that is polled is overdue
   */
  public TransportPages(
      FarMemory farMemory, SlabMap slabMap, LongConsumer fetchEnded, long timeoutNanos) {
    this.farMemory = farMemory;
    this.slabMap = slabMap;
    this.fetchEnded = fetchEnded;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public TransportTrip trip() {
    return new TransportTrip(farMemory, slabMap, timeoutNanos);
  }

  /** Whether a trip is a copy on the caller's thread, which waits for nobody. */
  public boolean completesInSubmit() {
    return farMemory.completesInSubmit();
  }

  @Override
  public void flush() {
    farMemory.flush();
  }

  @Override
  public boolean has(long farAddress, int lengthBytes) {
    return slabMap.has(farAddress, lengthBytes);
  }

  @Override
  public void fetchEnded(long page) {
    fetchEnded.accept(page);
  }
}
