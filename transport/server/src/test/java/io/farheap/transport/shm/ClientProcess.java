package io.farheap.transport.shm;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * A client on its own: fills a slab with ones and reads it until it is lost. Its argument is a
 * locator.
 */
final class ClientProcess {
  private static final long PAUSE_NANOS = 1_000_000;

  private ClientProcess() {}

  public static void main(String[] arguments) {
    try (Arena arena = Arena.ofShared();
        FarMemory memory = Transports.open(arguments[0], TransportOptions.defaults())) {
      int slabBytes = Math.toIntExact(memory.slabBytes());
      MemorySegment local = arena.allocate(slabBytes).fill((byte) 1);
      MemorySegment expected = arena.allocate(slabBytes).fill((byte) 1);
      long slab = memory.allocateSlab();
      transfer(memory, new Transfer().write(slab, 0, local.address(), slabBytes));
      System.out.println("FILLED " + slab);
      try {
        while (true) {
          local.fill((byte) 3);
          transfer(memory, new Transfer().read(slab, 0, local.address(), slabBytes));
          if (local.mismatch(expected) >= 0) {
            System.out.println("WRONG " + local.get(ValueLayout.JAVA_BYTE, 0));
            return;
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (SlabLostException e) {
        System.out.println("LOST " + e.getMessage());
      }
      memory.releaseSlab(slab);
      long next = allocate(memory);
      transfer(memory, new Transfer().read(next, 0, local.address(), slabBytes));
      System.out.println("AGAIN " + local.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  private static long allocate(FarMemory memory) {
    while (true) {
      try {
        return memory.allocateSlab();
      } catch (ConnectionLostException e) {
        // The new lease is still on its way.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void transfer(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.await(transfer, memory.clock().getAsLong() + 1);
  }
}
