package io.farheap.rdma;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A client on its own, which says what it does line by line. Its argument is a locator.
 *
 * <p>It allocates a slab, says by which address and key it is reached, and writes it full of ones
 * again and again until that fails.
 */
final class GuestClient {
  private GuestClient() {}

  /** Starts one by a command that runs it, perhaps none. */
  static ChildProcess start(List<String> runner, String locator) throws IOException {
    return GuestServer.small(JavaCommand.of(GuestClient.class, locator)).under(runner).start();
  }

  public static void main(String[] arguments) {
    try (Arena arena = Arena.ofShared();
        FarMemory memory = GuestServer.openLocator(arguments[0])) {
      int slabBytes = Math.toIntExact(memory.slabBytes());
      MemorySegment local = arena.allocate(slabBytes).fill((byte) 1);
      memory.registerLocal(local);
      long slab = memory.allocateSlab();
      RdmaSlab known = ((RdmaMemory) memory).control().find(slab);
      Transfer transfer = new Transfer();
      write(memory, transfer.write(slab, 0, local.address(), slabBytes));
      System.out.println("FILLED " + known.remoteAddress() + " " + known.remoteKey());
      while (true) {
        write(memory, transfer.write(slab, 0, local.address(), slabBytes));
      }
    } catch (TransportException e) {
      System.out.println("FAILED " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private static void write(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.await(transfer, memory.clock().getAsLong() + 60_000_000_000L);
  }
}
