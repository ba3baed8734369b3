package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.Locator;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.session.Lane;
import io.farheap.transport.session.Request;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors of the Java machine in the middle of a request: no other request feels them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorsTest {
  private static final int SLAB_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 4096;
  private static final long DEADLINE_NANOS = 30_000_000_000L;

  private final Arena arena = Arena.ofShared();
  private MemoryServer server;
  private Proxy proxy;
  private TcpMemory memory;
  private long slab;

  /** Piece i of the slab is filled with i. */
  @BeforeEach
  void start() throws IOException {
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                4 * SLAB_BYTES,
                SLAB_BYTES));
    proxy = new Proxy(server.addresses().getFirst());
    memory =
        TcpMemory.open(
            Locator.parse("tcp://127.0.0.1:" + proxy.port() + "?connections=1"),
            TransportOptions.defaults());
    slab = memory.allocateSlab();
    MemorySegment local = arena.allocate(PIECE_BYTES);
    for (int i = 0; i < 8; i++) {
      local.fill((byte) i);
      Transfer transfer =
          new Transfer().write(slab, (long) i * PIECE_BYTES, local.address(), PIECE_BYTES);
      memory.submit(transfer);
      await(transfer);
    }
  }

  @AfterEach
  void stop() throws IOException {
    memory.close();
    proxy.close();
    server.close();
    arena.close();
  }

  /** The error may reach whichever thread reads, so also this one. */
  private void await(Transfer transfer) {
    while (!transfer.isComplete()) {
      try {
        memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
      } catch (StackOverflowError e) {
        assertEquals("on purpose", e.getMessage());
      }
    }
    assertTrue(transfer.isDone(), () -> transfer + " " + transfer.failure());
  }

  private Lane lane() {
    return memory.control().session().lane();
  }

  /** A request of this test's own for a read of the slab's first bytes. */
  private <T extends Request> T start(T request) {
    request.aim(memory.control().find(slab), 0, request.transfer().lengthBytes());
    request.start(lane());
    request.transfer().attachment(request);
    request.transfer().start();
    return request;
  }

  private Transfer[] submitReads(MemorySegment[] places) {
    Transfer[] transfers = new Transfer[places.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = arena.allocate(PIECE_BYTES);
      transfers[i] =
          new Transfer().read(slab, (i + 1L) * PIECE_BYTES, places[i].address(), PIECE_BYTES);
      memory.submit(transfers[i]);
    }
    memory.flush();
    return transfers;
  }

  private static void assertFilled(int content, MemorySegment place) {
    for (byte found : place.toArray(ValueLayout.JAVA_BYTE)) {
      assertEquals(content, found);
    }
  }

  /** A read whose reply cannot be taken the first time. */
  private final class FailingRead extends Request {
    private volatile boolean failed;

    FailingRead(Transfer transfer) {
      super(transfer, null, memory.plane().counts());
    }

    @Override
    protected void take(long ofSubject, ByteBuffer content) {
      if (!failed) {
        failed = true;
        throw new StackOverflowError("on purpose");
      }
      super.take(ofSubject, content);
    }
  }

  @Test
  void whileAReplyIsTaken() {
    MemorySegment place = arena.allocate(PIECE_BYTES).fill((byte) 9);
    Transfer failing = new Transfer().read(slab, 0, place.address(), PIECE_BYTES);
    FailingRead request = start(new FailingRead(failing));
    lane().submit(request);
    lane().flush();
    while (!request.failed) {
      try {
        lane().receive();
      } catch (StackOverflowError e) {
        assertEquals("on purpose", e.getMessage());
      }
    }
    MemorySegment[] places = new MemorySegment[4];
    Transfer[] transfers = submitReads(places);
    for (int i = 0; i < transfers.length; i++) {
      await(transfers[i]);
      assertFilled(i + 1, places[i]);
    }
    await(failing);
    assertFilled(0, place);
  }

  @Test
  void whileAFrameIsMade() {
    MemorySegment place = arena.allocate(PIECE_BYTES).fill((byte) 9);
    Transfer failing = new Transfer().read(slab, 0, place.address(), PIECE_BYTES);
    Request request =
        start(
            new Request(failing, null, memory.plane().counts()) {
              private int calls;

              @Override
              protected int frameBytes() {
                // The first asks for room, the second makes the frame.
                if (++calls == 2) {
                  throw new StackOverflowError("on purpose");
                }
                return super.frameBytes();
              }
            });
    assertThrows(StackOverflowError.class, () -> lane().submit(request));
    MemorySegment[] places = new MemorySegment[4];
    Transfer[] transfers = submitReads(places);
    for (int i = 0; i < transfers.length; i++) {
      await(transfers[i]);
      assertFilled(i + 1, places[i]);
    }
    await(failing);
    assertFilled(0, place);
  }

  @Test
  void whileATransferIsFenced() {
    MemorySegment place = arena.allocate(PIECE_BYTES);
    Transfer stuck = new Transfer().read(slab, 0, place.address(), PIECE_BYTES);
    Proxy.Held held = proxy.hold();
    lane()
        .submit(
            start(
                new Request(stuck, null, memory.plane().counts()) {
                  @Override
                  protected TransportTimeoutException givenUp() {
                    throw new StackOverflowError("on purpose");
                  }
                }));
    memory.flush();
    memory.fence(stuck);
    assertSame(TransportTimeoutException.withoutWords(), stuck.failure());
    place.fill((byte) 3);
    held.release();
    MemorySegment[] places = new MemorySegment[1];
    await(submitReads(places)[0]);
    assertFilled(1, places[0]);
    assertFilled(3, place);
  }

  @Test
  void whileTheKeeperReads() {
    MemorySegment place = arena.allocate(PIECE_BYTES);
    Transfer failing = new Transfer().read(slab, 0, place.address(), PIECE_BYTES);
    lane().submit(start(new FailingRead(failing)));
    lane().flush();
    // It reads for those who are parked, and goes on after the error.
    lane().park();
    try {
      SessionsTest.await(failing::isComplete);
    } finally {
      lane().unpark();
    }
    assertTrue(failing.isDone());
    assertFilled(0, place);
  }
}
