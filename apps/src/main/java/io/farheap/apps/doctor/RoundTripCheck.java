package io.farheap.apps.doctor;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a far memory and reads it back.
 *
 * @param transport whose far memory it is
 * @param route how it is reached, for the message
 * @param remedy what to do where it fails
 * @param opener opens it; what is returned is closed, and the server with it
 */
record RoundTripCheck(TransportKind transport, String route, String remedy, Opener opener)
    implements Check {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LENGTH_BYTES = 4096;

  /** A machine under load may miss a deadline once; a transport that is broken always does. */
  private static final int ATTEMPTS = 3;

  private static final byte PATTERN = (byte) 0xA5;

  /** Opens a far memory, and what it takes. */
  @FunctionalInterface
  interface Opener {
    /** The far memory; what else was opened ends with {@link OpenMemory#close()}. */
    OpenMemory open();
  }

  /**
   * A far memory and what keeps it there.
   *
   * @param memory the far memory
   * @param server stops what served it
   */
  record OpenMemory(FarMemory memory, Runnable server) implements AutoCloseable {
    @Override
    public void close() {
      try {
        memory.close();
      } finally {
        server.run();
      }
    }
  }

  @Override
  public String name() {
    return transport.scheme();
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(transport);
  }

  @Override
  public List<Finding> examine() {
    Finding found = attempt();
    for (int i = 1; i < ATTEMPTS && found.verdict() == Verdict.BROKEN; i++) {
      found = attempt();
    }
    return List.of(found);
  }

  private Finding attempt() {
    try (OpenMemory open = opener.open()) {
      return sameBytesComeBack(open.memory())
          ? Finding.ok("wrote a page " + route + " and read it back")
          : Finding.broken("other bytes came back than were written " + route, remedy);
    } catch (TransportException e) {
      return Finding.broken(e.getMessage(), remedy);
    }
  }

  private static boolean sameBytesComeBack(FarMemory memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment local = arena.allocate(2L * LENGTH_BYTES, LENGTH_BYTES);
      MemorySegment written = local.asSlice(0, LENGTH_BYTES).fill(PATTERN);
      MemorySegment read = local.asSlice(LENGTH_BYTES);
      memory.registerLocal(local);
      long slab = memory.allocateSlab();
      transfer(memory, new Transfer().write(slab, 0, written.address(), LENGTH_BYTES));
      transfer(memory, new Transfer().read(slab, 0, read.address(), LENGTH_BYTES));
      memory.releaseSlab(slab);
      memory.close();
      return read.mismatch(written) < 0 && read.get(ValueLayout.JAVA_BYTE, 0) == PATTERN;
    }
  }

  private static void transfer(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, memory.clock().getAsLong() + TIMEOUT_NANOS);
  }
}
