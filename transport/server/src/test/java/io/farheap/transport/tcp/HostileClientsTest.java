package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Status;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send nonsense, or too much, or nothing, while an honest one works. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileClientsTest {
  private static final int SLAB_BYTES = 64 << 10;
  private static final int LEASE_MILLIS = 2_000;
  private static final int SILENCE_MILLIS = 1_000;
  private static final int STREAMS = Integer.getInteger("farheap.damagedStreams", 1_500);

  private MemoryServer server;

  @BeforeEach
  void startServer() {
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    2L * STREAMS * SLAB_BYTES,
                    SLAB_BYTES)
                .withTimes(LEASE_MILLIS, SILENCE_MILLIS));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private InetSocketAddress address() {
    return server.addresses().getFirst();
  }

  private CompletableFuture<Long> workHonestly(AtomicBoolean done) {
    return CompletableFuture.supplyAsync(
        () -> {
          long rounds = 0;
          try (Arena arena = Arena.ofShared();
              FarMemory memory =
                  Transports.open(
                      "tcp://127.0.0.1:" + address().getPort(), TransportOptions.defaults())) {
            long slab = memory.allocateSlab();
            MemorySegment local = arena.allocate(4096);
            while (!done.get()) {
              byte mark = (byte) rounds++;
              run(memory, new Transfer().write(slab, 64, local.fill(mark).address(), 4096));
              local.fill((byte) ~mark);
              run(memory, new Transfer().read(slab, 64, local.address(), 4096));
              assertEquals(-1, local.mismatch(arena.allocate(4096).fill(mark)));
            }
          }
          return rounds;
        });
  }

  private static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, System.nanoTime() + 30_000_000_000L);
  }

  @Test
  void damagedStreamsHarmNobody() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Long> honest = workHonestly(done);
    long seed = 20260612;
    SplittableRandom random = new SplittableRandom(seed);
    try {
      for (int i = 0; i < STREAMS; i++) {
        try (RawClient client = new RawClient(address())) {
          client.attach(RawClient.NEW_LEASE, 1);
          long slab = client.ask(Opcode.ALLOCATE, 1).subject();
          client.send(damagedRequests(random, client, slab));
          readUntilRefusedOrSilent(client);
        }
      }
    } finally {
      done.set(true);
    }
    assertTrue(honest.join() > 0);
    assertTrue(server.figures().brokenConnections() > STREAMS / 2, "seed " + seed);
    SessionsTest.await(() -> server.figures().slabs() == 0);
  }

  /** Good requests, one with some bits changed, and good ones after it. */
  private static byte[] damagedRequests(SplittableRandom random, RawClient client, long slab) {
    List<byte[]> frames = new ArrayList<>();
    int total = 0;
    for (int i = 0; i < 6; i++) {
      byte[] payload = new byte[random.nextInt(200)];
      byte[] frame =
          random.nextBoolean()
              ? RawClient.frame(Opcode.READ, client.nextSequence(), slab, 0, 64, new byte[0])
              : RawClient.frame(
                  Opcode.WRITE, client.nextSequence(), slab, 0, payload.length, payload);
      frames.add(frame);
      total += frame.length;
    }
    byte[] victim = frames.get(random.nextInt(4));
    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
      victim[random.nextInt(victim.length)] ^= (byte) (1 + random.nextInt(255));
    }
    byte[] stream = new byte[total];
    int at = 0;
    for (byte[] frame : frames) {
      System.arraycopy(frame, 0, stream, at, frame.length);
      at += frame.length;
    }
    return stream;
  }

  /** A damaged length may make the server wait for more; everything else it answers. */
  private static void readUntilRefusedOrSilent(RawClient client) throws IOException {
    try {
      client.finishSending();
      while (client.receive().status() == Status.OK) {
        Thread.onSpinWait();
      }
    } catch (EOFException | SocketException e) {
      assertTrue(e.getMessage() == null || !e.getMessage().isEmpty());
    }
  }

  @Test
  void silentStrangersDoNotStopAnybody() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Long> honest = workHonestly(done);
    List<RawClient> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        RawClient stranger = new RawClient(address());
        strangers.add(stranger);
        stranger.send(new byte[i % 8]);
      }
      for (RawClient stranger : strangers) {
        assertTrue(stranger.isEnded());
      }
    } finally {
      done.set(true);
      for (RawClient stranger : strangers) {
        stranger.close();
      }
    }
    assertTrue(honest.join() > 0);
  }

  /** Who does not take its replies is not read any further, and holds up nobody. */
  @Test
  void aClientThatTakesNoRepliesIsBounded() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Long> honest = workHonestly(done);
    try (RawClient greedy = new RawClient(address())) {
      greedy.attach(RawClient.NEW_LEASE, 1);
      long slab = greedy.ask(Opcode.ALLOCATE, 1).subject();
      byte[] marked = new byte[SLAB_BYTES];
      marked[7] = 7;
      greedy.ask(Opcode.WRITE, slab, 0, SLAB_BYTES, marked);
      int requests = 2_000;
      for (int i = 0; i < requests; i++) {
        greedy.send(
            RawClient.frame(Opcode.READ, greedy.nextSequence(), slab, 0, SLAB_BYTES, new byte[0]));
      }
      long served = server.figures().bytesRead();
      assertTrue(served < (long) requests * SLAB_BYTES / 2, "served " + served);
      for (int i = 0; i < requests; i++) {
        RawClient.Reply reply = greedy.receive();
        assertEquals(Status.OK, reply.status());
        byte[] bytes = new byte[SLAB_BYTES];
        reply.payload().get(bytes);
        assertArrayEquals(marked, bytes);
      }
    } finally {
      done.set(true);
    }
    assertTrue(honest.join() > 0);
  }

  /** The server does not hear it meanwhile, so that is no silence. */
  @Test
  void aClientThatTakesItsRepliesSlowlyIsServedToTheEnd() throws Exception {
    try (RawClient slow = new RawClient(address())) {
      slow.attach(RawClient.NEW_LEASE, 1);
      long slab = slow.ask(Opcode.ALLOCATE, 1).subject();
      int requests = 1_000;
      for (int i = 0; i < requests; i++) {
        slow.send(
            RawClient.frame(Opcode.READ, slow.nextSequence(), slab, 0, SLAB_BYTES, new byte[0]));
      }
      long startNanos = System.nanoTime();
      long silenceNanos = TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS);
      for (int i = 0; i < requests; i++) {
        // Three times as long as a client may be silent, in even steps.
        long dueNanos = startNanos + 3 * silenceNanos * i / requests;
        for (long left = 1; left > 0; left = dueNanos - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        assertEquals(Status.OK, slow.receive().status());
      }
    }
  }
}
