package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.rdma.fabric.Domain;
import io.farheap.rdma.fabric.Fabric;
import io.farheap.rdma.fabric.FakeNetwork;
import io.farheap.rdma.fabric.QueuePair;
import io.farheap.rdma.fabric.Registration;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.QueuePairOffer;
import io.farheap.transport.wire.RegisteredSlab;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in by what secret, and what he reaches. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RdmaDoorTest {
  private static final int SLAB_BYTES = 4096;
  private static final long ANNA = 1;
  private static final long BERT = 2;

  private final FakeNetwork network = new FakeNetwork(3);
  private final Fabric client = network.fabric();
  private final AtomicLong nowNanos = new AtomicLong(5);
  private final Arena arena = Arena.ofShared();
  private final MemorySegment local = arena.allocate(SLAB_BYTES);
  private RdmaDoor door;
  private RdmaBacking backing;

  @BeforeEach
  void open() {
    Fabric fabric = network.fabric();
    door =
        new RdmaDoor(
            fabric,
            fabric.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            nowNanos::get,
            new SecureRandom());
    door.start();
    backing = new RdmaBacking(new NativeBacking(4, SLAB_BYTES), door, SLAB_BYTES);
  }

  @AfterEach
  void close() {
    backing.close();
    arena.close();
  }

  private QueuePair connect(QueuePairOffer offer) {
    return client.connect(
        offer.address(), offer.secret(), System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
  }

  private void refused(QueuePairOffer offer) {
    assertThrows(ConnectionLostException.class, () -> connect(offer));
  }

  private static QueuePairOffer withSecret(QueuePairOffer offer, byte[] secret) {
    return new QueuePairOffer(secret, offer.address(), offer.validMillis(), offer.atomics());
  }

  @Test
  void secretIsGoodOnceAndForAShortTime() {
    QueuePairOffer offer = door.offer(ANNA, 0);
    assertEquals(Protocol.SECRET_BYTES, offer.secret().length);
    QueuePair pair = connect(offer);
    assertTrue(pair.isConnected());
    refused(offer);
    assertTrue(pair.isConnected(), "a used secret ended somebody's queue pair");

    QueuePairOffer late = door.offer(ANNA, 1);
    nowNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(late.validMillis()));
    refused(late);
  }

  @Test
  void nobodyIsLetInWithAnotherSecret() {
    QueuePairOffer offer = door.offer(ANNA, 0);
    byte[] wrong = offer.secret().clone();
    wrong[Protocol.SECRET_BYTES - 1] ^= 1;
    refused(withSecret(offer, wrong));
    refused(withSecret(offer, new byte[0]));
    refused(withSecret(offer, new byte[Protocol.SECRET_BYTES]));
    connect(offer).close();
  }

  @Test
  void newOfferEndsTheQueuePairAndTheSecretBeforeIt() {
    QueuePair first = connect(door.offer(ANNA, 7));
    QueuePair other = connect(door.offer(ANNA, 8));
    QueuePairOffer unused = door.offer(ANNA, 7);
    assertFalse(first.isConnected());
    assertTrue(other.isConnected());
    QueuePairOffer second = door.offer(ANNA, 7);
    assertNotEquals(ByteBuffer.wrap(unused.secret()), ByteBuffer.wrap(second.secret()));
    refused(unused);
    assertTrue(connect(second).isConnected());
  }

  @Test
  void placesAreBounded() {
    for (long place : new long[] {-1, Protocol.MAX_QUEUE_PAIRS, Long.MAX_VALUE}) {
      assertThrows(Refusal.class, () -> door.offer(ANNA, place));
    }
  }

  private int read(QueuePair pair, RegisteredSlab slab, long offset, int lengthBytes) {
    Registration buffer = pair.domain().register(local.address(), SLAB_BYTES, Domain.Access.LOCAL);
    try {
      pair.read(
          0,
          true,
          local.address(),
          lengthBytes,
          buffer.localKey(),
          slab.remoteAddress() + offset,
          slab.remoteKey());
      pair.post();
      while (pair.poll() == 0) {
        Thread.onSpinWait();
      }
      return pair.status(0);
    } finally {
      buffer.close();
    }
  }

  @Test
  @SuppressWarnings("restricted")
  void queuePairReachesItsLeasesSlabsOnlyAndOnlyUntilTheyGoBack() {
    SlabMemory memory = backing.take(ANNA);
    SlabMemory others = backing.take(BERT);
    RegisteredSlab slab = RegisteredSlab.decode(ByteBuffer.wrap(memory.register()));
    assertArrayEquals(slab.encode(), memory.register(), "registered twice");
    RegisteredSlab othersSlab = RegisteredSlab.decode(ByteBuffer.wrap(others.register()));
    MemorySegment.ofAddress(memory.rawAddress()).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 42);

    QueuePair pair = connect(door.offer(ANNA, 0));
    assertEquals(QueuePair.SUCCESS, read(pair, slab, 0, 8));
    assertEquals(42, local.get(ValueLayout.JAVA_LONG, 0));
    assertEquals(QueuePair.REMOTE_ACCESS, read(pair, othersSlab, 0, 8));
    QueuePair beyond = connect(door.offer(ANNA, 1));
    assertEquals(QueuePair.REMOTE_ACCESS, read(beyond, slab, SLAB_BYTES - 4, 8));

    QueuePair before = connect(door.offer(ANNA, 2));
    backing.giveBack(memory);
    assertEquals(QueuePair.REMOTE_ACCESS, read(before, slab, 0, 8));
    SlabMemory next = backing.take(BERT);
    assertEquals(memory.rawAddress(), next.rawAddress(), "the test wants the same memory again");
    next.register();
    QueuePair after = connect(door.offer(ANNA, 3));
    assertEquals(QueuePair.REMOTE_ACCESS, read(after, slab, 0, 8));
    backing.giveBack(others);
    backing.giveBack(next);
  }

  @Test
  void endOfALeaseEndsItsQueuePairsAndSecrets() {
    SlabMemory memory = backing.take(ANNA);
    RegisteredSlab slab = RegisteredSlab.decode(ByteBuffer.wrap(memory.register()));
    QueuePair pair = connect(door.offer(ANNA, 0));
    QueuePair berts = connect(door.offer(BERT, 0));
    QueuePairOffer open = door.offer(ANNA, 1);
    backing.giveBack(memory);
    backing.leaseEnded(ANNA);
    assertFalse(pair.isConnected());
    assertTrue(berts.isConnected());
    assertEquals(QueuePair.RETRIES_EXCEEDED, read(pair, slab, 0, 8));
    refused(open);
  }

  @Test
  void memoryThatWasGivenBackIsNotRegisteredAnyMore() {
    SlabMemory memory = backing.take(ANNA);
    backing.giveBack(memory);
    assertThrows(IllegalStateException.class, memory::register);
  }
}
