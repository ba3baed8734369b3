package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real device says to requests that it must not do. */
@Timeout(120)
class FailuresGuestTest {
  private static final int SIGNALED = IbvSendWR.IBV_SEND_SIGNALED;
  private static final int BYTES = 1 << 16;

  private Connection connection;
  private Endpoint client;
  private Endpoint server;
  private MemorySegment near;
  private MemorySegment far;
  private MemoryRegion nearRegion;
  private MemoryRegion farRegion;

  @BeforeAll
  static void requireDevice() {
    Guest.requireDevice();
  }

  @BeforeEach
  void connect() throws IOException {
    connection = new Connection();
    client = connection.client;
    server = connection.server;
    near = client.memory(BYTES);
    far = server.memory(BYTES);
    nearRegion = client.register(near, IbvMr.IBV_ACCESS_LOCAL_WRITE);
    farRegion = server.register(far, Endpoint.ALL_RIGHTS);
  }

  @AfterEach
  void close() throws IOException {
    connection.close();
  }

  @Test
  void badKeyFailsAndFlushesTheRest() throws IOException {
    write(1, far.address(), farRegion.rkey() ^ 0x5a00);
    write(2, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(1));
    assertEquals(CompletionBatch.FLUSHED, client.awaitStatus(2));
    assertEquals(IbvQP.IBV_QPS_ERR, QueuePairs.state(client.pair));
  }

  @Test
  void readPastTheRegionFails() throws IOException {
    read(1, far.address() + BYTES - 32, farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(1));
  }

  @Test
  void rightThatWasNotGivenFails() throws IOException {
    MemorySegment other = server.memory(4096);
    MemoryRegion readOnly = server.register(other, IbvMr.IBV_ACCESS_REMOTE_READ);
    read(1, other.address(), readOnly.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    write(2, other.address(), readOnly.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(2));
  }

  @Test
  void closedRegionIsOutOfReach() throws IOException {
    near.set(ValueLayout.JAVA_LONG, 0, 1);
    write(1, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
    farRegion.close();
    near.set(ValueLayout.JAVA_LONG, 0, 2);
    write(2, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(2));
    assertEquals(1, far.get(ValueLayout.JAVA_LONG, 0));
  }

  @Test
  void regionOfAnotherDomainIsOutOfReach() throws IOException {
    try (Connection other = new Connection()) {
      MemorySegment memory = other.server.memory(4096);
      MemoryRegion region = other.server.register(memory, Endpoint.ALL_RIGHTS);
      near.set(ValueLayout.JAVA_LONG, 0, 7);
      write(1, memory.address(), region.rkey());
      client.sends.post();
      assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(1));
      assertEquals(0, memory.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  @Test
  void windowGivesARightAndTakesItBack() throws IOException {
    assumeTrue(
        Devices.attributes(server.context).type2Windows(), "a device without memory windows");
    try (MemoryWindow window = MemoryWindow.allocate(server.domain)) {
      server.sends.bind(
          5,
          SIGNALED,
          window,
          window.nextRkey(),
          farRegion,
          far.address() + 4096,
          4096,
          IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ);
      server.sends.post();
      assertEquals(CompletionBatch.SUCCESS, server.awaitStatus(5));
      near.set(ValueLayout.JAVA_LONG, 0, 11);
      write(1, far.address() + 4096, window.rkey());
      client.sends.post();
      assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
      assertEquals(11, far.get(ValueLayout.JAVA_LONG, 4096));

      server.sends.invalidate(6, SIGNALED, window.rkey());
      server.sends.post();
      assertEquals(CompletionBatch.SUCCESS, server.awaitStatus(6));
      near.set(ValueLayout.JAVA_LONG, 0, 12);
      write(2, far.address() + 4096, window.rkey());
      client.sends.post();
      assertEquals(CompletionBatch.REMOTE_ACCESS, client.awaitStatus(2));
      assertEquals(11, far.get(ValueLayout.JAVA_LONG, 4096));
    }
  }

  @Test
  void stoppedQueuePairFlushes() throws IOException {
    QueuePairs.toError(client.pair);
    assertEquals(IbvQP.IBV_QPS_ERR, QueuePairs.state(client.pair));
    read(1, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.FLUSHED, client.awaitStatus(1));
  }

  @Test
  void writeToAStoppedQueuePairDoesNotLand() throws IOException {
    QueuePairs.toError(server.pair);
    near.set(ValueLayout.JAVA_LONG, 0, 3);
    write(1, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.RETRY_EXCEEDED, client.awaitStatus(1));
    assertEquals(0, far.get(ValueLayout.JAVA_LONG, 0));
  }

  @Test
  void peerThatIsGoneIsGivenUp() throws IOException {
    server.id.destroyQP();
    read(1, far.address(), farRegion.rkey());
    client.sends.post();
    assertEquals(CompletionBatch.RETRY_EXCEEDED, client.awaitStatus(1));
  }

  @Test
  void memoryThatIsNotMappedCannotBeRegistered() {
    VerbsException e =
        assertThrows(
            VerbsException.class,
            () ->
                MemoryRegions.register(
                    client.domain,
                    RawMemory.ALL.asSlice(4096, 4096),
                    IbvMr.IBV_ACCESS_LOCAL_WRITE));
    assertTrue(e.errorNumber() > 0, e.getMessage());
    assertThrows(
        VerbsException.class, () -> MemoryRegions.register(client.domain, near.asSlice(0, 0), 0));
    assertThrows(
        VerbsException.class,
        () -> MemoryRegions.register(client.domain, MemorySegment.ofArray(new byte[1]), 0));
  }

  private void write(long id, long remoteAddress, int rkey) {
    client.sends.write(id, SIGNALED, near.address(), 64, nearRegion.lkey(), remoteAddress, rkey);
  }

  private void read(long id, long remoteAddress, int rkey) {
    client.sends.read(id, SIGNALED, near.address(), 64, nearRegion.lkey(), remoteAddress, rkey);
  }
}
