package io.farheap.broken;

import io.farheap.proof.ForwardingMemory;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** Far memory that says that it has the bytes, and stores them some requests later. */
final class EarlyAcknowledgement extends ForwardingMemory {
  private static final int REQUESTS_LATE = 12;

  private record Late(long slab, long slabOffset, MemorySegment bytes, long due) {}

  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private final Arena arena = Arena.ofShared();
  private long requests;

  EarlyAcknowledgement(FarMemory inner) {
    super(inner);
  }

  @Override
  @SuppressWarnings("restricted")
  public void submit(Transfer transfer) {
    requests++;
    while (!late.isEmpty() && late.peek().due() <= requests) {
      store(late.remove());
    }
    if (!transfer.isWrite()) {
      super.submit(transfer);
      return;
    }
    MemorySegment bytes = arena.allocate(transfer.lengthBytes());
    MemorySegment source =
        MemorySegment.ofAddress(transfer.rawAddress()).reinterpret(transfer.lengthBytes());
    bytes.copyFrom(source);
    late.add(new Late(transfer.slab(), transfer.slabOffset(), bytes, requests + REQUESTS_LATE));
    transfer.start();
    transfer.complete();
  }

  private void store(Late write) {
    Transfer transfer =
        new Transfer()
            .write(
                write.slab(),
                write.slabOffset(),
                write.bytes().address(),
                Math.toIntExact(write.bytes().byteSize()));
    super.submit(transfer);
    super.fence(transfer);
  }

  @Override
  public boolean poll(Transfer transfer) {
    return transfer.isComplete() || super.poll(transfer);
  }

  @Override
  public void close() {
    late.clear();
    arena.close();
    super.close();
  }
}
