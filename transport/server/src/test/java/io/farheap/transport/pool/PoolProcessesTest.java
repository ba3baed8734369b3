package io.farheap.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.tcp.ChildServer;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Several servers that are processes of their own. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolProcessesTest {
  private static final long DEADLINE_NANOS = 30_000_000_000L;
  private static final int LEASE_MILLIS = 30_000;

  private static PoolMemory open(String settings, int... ports) {
    StringBuilder place = new StringBuilder("tcp://");
    for (int i = 0; i < ports.length; i++) {
      place.append(i == 0 ? "" : ",").append("127.0.0.1:").append(ports[i]);
    }
    return (PoolMemory) Transports.open(place + "?" + settings, TransportOptions.defaults());
  }

  private static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
  }

  @Test
  void slabsAreSpreadAndAFullServerIsPassedOver() throws Exception {
    try (ChildProcess small = ChildServer.start(0, 2, LEASE_MILLIS);
        ChildProcess large = ChildServer.start(0, 6, LEASE_MILLIS)) {
      try (PoolMemory memory =
          open("connections=1", ChildServer.port(small), ChildServer.port(large))) {
        assertEquals(8, memory.statistics().slabCapacity());
        Map<Member, Integer> counts = new HashMap<>();
        for (int i = 0; i < 8; i++) {
          PoolSlab slab = memory.find(memory.allocateSlab());
          counts.merge(slab.member(), 1, Integer::sum);
          if (i == 1) {
            assertEquals(2, counts.size(), "a server without slabs comes first");
          }
        }
        assertThrows(FarMemoryFullException.class, memory::allocateSlab);
        assertTrue(counts.containsValue(2) && counts.containsValue(6), counts::toString);
      }
    }
  }

  @Test
  void oneServerAwayDoesNotStopTheOthers() throws Exception {
    try (ChildProcess first = ChildServer.start(0, 4, LEASE_MILLIS);
        ChildProcess second = ChildServer.start(0, 4, LEASE_MILLIS);
        Arena arena = Arena.ofShared();
        PoolMemory memory =
            open("connections=1&retry=300ms", ChildServer.port(first), ChildServer.port(second))) {
      long one = memory.allocateSlab();
      long other = memory.allocateSlab();
      first.kill();
      long rawAddress = arena.allocate(64).address();
      int lost = 0;
      for (long slab : new long[] {one, other}) {
        try {
          run(memory, new Transfer().read(slab, 0, rawAddress, 64));
        } catch (TransportException e) {
          lost++;
        }
      }
      assertEquals(1, lost);
      memory.allocateSlab();
    }
  }
}
