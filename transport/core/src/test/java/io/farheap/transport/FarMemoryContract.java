package io.farheap.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every provider of far memory must do on one thread; one subclass for each. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class FarMemoryContract {
  protected static final int SLAB_BYTES = 64 << 10;
  protected static final int SLABS = 4;
  private static final long DEADLINE_NANOS = 60_000_000_000L;

  protected Arena arena;
  protected FarMemory memory;

  /** Opens the far memory under test. */
  protected abstract FarMemory open(TransportOptions options);

  @BeforeEach
  void openMemory() {
    arena = Arena.ofShared();
    memory =
        open(
            TransportOptions.defaults()
                .withSlabBytes(SLAB_BYTES)
                .withCapacityBytes((long) SLABS * SLAB_BYTES + SLAB_BYTES - 1));
    memory.registerLocal(arena.allocate(SLAB_BYTES));
  }

  @AfterEach
  void closeMemory() {
    memory.close();
    arena.close();
  }

  protected static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, memory.clock().getAsLong() + DEADLINE_NANOS);
    assertTrue(transfer.isDone());
  }

  protected void write(long slab, long slabOffset, byte[] bytes) {
    MemorySegment local = arena.allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, local, ValueLayout.JAVA_BYTE, 0, bytes.length);
    run(memory, new Transfer().write(slab, slabOffset, local.address(), bytes.length));
  }

  protected byte[] read(long slab, long slabOffset, int lengthBytes) {
    MemorySegment local = arena.allocate(Math.max(1, lengthBytes)).fill((byte) 0x5A);
    run(memory, new Transfer().read(slab, slabOffset, local.address(), lengthBytes));
    return local.asSlice(0, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  protected static byte[] randomBytes(SplittableRandom random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Submits a transfer that must fail and returns its failure, whichever way it is waited for. */
  private TransportException failureOf(Transfer transfer) {
    memory.submit(transfer);
    TransportException thrown =
        assertThrows(
            TransportException.class,
            () -> memory.await(transfer, memory.clock().getAsLong() + DEADLINE_NANOS));
    assertEquals(Transfer.FAILED, transfer.state());
    assertEquals(transfer.failure(), thrown);
    return thrown;
  }

  @Test
  void newSlabIsZero() {
    long slab = memory.allocateSlab();
    assertTrue(slab >= 0);
    assertEquals(SLAB_BYTES, memory.slabBytes());
    assertArrayEquals(new byte[SLAB_BYTES], read(slab, 0, SLAB_BYTES));
  }

  @Test
  void bytesReadAreTheBytesWritten() {
    long seed = 20260101;
    SplittableRandom random = new SplittableRandom(seed);
    long[] slabs = new long[SLABS];
    byte[][] expected = new byte[SLABS][SLAB_BYTES];
    Arrays.setAll(slabs, i -> memory.allocateSlab());
    int[] lengths = {0, 1, 7, 8, 64, 255, 4096, 4097, SLAB_BYTES};
    for (int step = 0; step < 400; step++) {
      int which = random.nextInt(SLABS);
      int lengthBytes = lengths[random.nextInt(lengths.length)];
      int slabOffset = random.nextInt(SLAB_BYTES - lengthBytes + 1);
      if (random.nextBoolean()) {
        byte[] bytes = randomBytes(random, lengthBytes);
        write(slabs[which], slabOffset, bytes);
        System.arraycopy(bytes, 0, expected[which], slabOffset, lengthBytes);
      } else {
        assertArrayEquals(
            Arrays.copyOfRange(expected[which], slabOffset, slabOffset + lengthBytes),
            read(slabs[which], slabOffset, lengthBytes),
            "seed " + seed + " step " + step);
      }
    }
    for (int i = 0; i < SLABS; i++) {
      assertArrayEquals(expected[i], read(slabs[i], 0, SLAB_BYTES), "seed " + seed);
    }
  }

  @Test
  void capacityIsExactAndReleasedSlabsServeAgain() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < SLABS; i++) {
      assertTrue(seen.add(memory.allocateSlab()));
    }
    assertThrows(FarMemoryFullException.class, memory::allocateSlab);
    long released = seen.iterator().next();
    memory.releaseSlab(released);
    assertTrue(seen.add(memory.allocateSlab()), "an id was used twice");
    assertThrows(FarMemoryFullException.class, memory::allocateSlab);
    assertEquals(SLABS, memory.statistics().slabsAllocated());
  }

  @Test
  void reusedSlabIsZero() {
    byte[] ones = new byte[SLAB_BYTES];
    Arrays.fill(ones, (byte) 1);
    for (int round = 0; round < 3 * SLABS; round++) {
      long slab = memory.allocateSlab();
      assertArrayEquals(new byte[SLAB_BYTES], read(slab, 0, SLAB_BYTES), "round " + round);
      write(slab, 0, ones);
      memory.releaseSlab(slab);
    }
  }

  @Test
  void onlyAllocatedSlabsAreReleased() {
    long slab = memory.allocateSlab();
    for (long wrong :
        new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, slab + 1, slab + (1L << 32)}) {
      assertThrows(RequestRefusedException.class, () -> memory.releaseSlab(wrong));
    }
    memory.releaseSlab(slab);
    assertThrows(RequestRefusedException.class, () -> memory.releaseSlab(slab));
    long next = memory.allocateSlab();
    assertNotEquals(slab, next);
    assertThrows(RequestRefusedException.class, () -> memory.releaseSlab(slab));
    memory.releaseSlab(next);
  }

  @Test
  void rangesOutsideTheSlabAreRefused() {
    long slab = memory.allocateSlab();
    byte[] known = randomBytes(new SplittableRandom(5), SLAB_BYTES);
    write(slab, 0, known);
    MemorySegment local = arena.allocate(64).fill((byte) 0x33);
    long[][] ranges = {
      {-1, 1},
      {-1, 0},
      {-8, 16},
      {Long.MIN_VALUE, 8},
      {SLAB_BYTES, 1},
      {SLAB_BYTES - 3, 4},
      {Long.MAX_VALUE, 1},
      {Long.MAX_VALUE - 3, 8},
      {0, -1},
      {8, -8},
      {0, Integer.MIN_VALUE},
      {0, SLAB_BYTES + 1},
      {1, Integer.MAX_VALUE},
    };
    for (long[] range : ranges) {
      String what = Arrays.toString(range);
      long rawAddress = local.address();
      Transfer in = new Transfer().read(slab, range[0], rawAddress, (int) range[1]);
      assertInstanceOf(RequestRefusedException.class, failureOf(in), what);
      Transfer out = new Transfer().write(slab, range[0], rawAddress, (int) range[1]);
      assertInstanceOf(RequestRefusedException.class, failureOf(out), what);
    }
    for (long rawAddress : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      Transfer transfer = new Transfer().read(slab, 0, rawAddress, 8);
      assertInstanceOf(RequestRefusedException.class, failureOf(transfer));
    }
    assertArrayEquals(known, read(slab, 0, SLAB_BYTES));
    assertEquals(-1, local.mismatch(arena.allocate(64).fill((byte) 0x33)));
  }

  @Test
  void transfersOnOtherSlabsAreRefused() {
    long slab = memory.allocateSlab();
    long other = memory.allocateSlab();
    memory.releaseSlab(slab);
    long rawAddress = arena.allocate(8).address();
    for (long wrong : new long[] {slab, -1, Long.MIN_VALUE, Long.MAX_VALUE, other + (1L << 32)}) {
      Transfer transfer = new Transfer().write(wrong, 0, rawAddress, 8);
      assertInstanceOf(RequestRefusedException.class, failureOf(transfer), "slab " + wrong);
    }
    long successor = memory.allocateSlab();
    assertInstanceOf(
        RequestRefusedException.class, failureOf(new Transfer().write(slab, 0, rawAddress, 8)));
    assertArrayEquals(new byte[8], read(successor, 0, 8));
  }

  @Test
  void transferIsFilledAnewBetweenUses() {
    long slab = memory.allocateSlab();
    long rawAddress = arena.allocate(8).address();
    Transfer transfer = new Transfer().read(slab, 0, rawAddress, 8);
    assertThrows(IllegalStateException.class, () -> memory.poll(transfer));
    run(memory, transfer);
    assertThrows(IllegalStateException.class, () -> memory.submit(transfer));
    assertTrue(memory.poll(transfer));
    failureOf(transfer.read(slab, -1, rawAddress, 8));
    run(memory, transfer.read(slab, 0, rawAddress, 8));
    assertNull(transfer.failure());
  }

  @Test
  void fencedTransferTouchesNothingAnyMore() {
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
    MemorySegment local = arena.allocate(8);
    for (int round = 0; round < 200; round++) {
      Transfer in = new Transfer().read(slab, 0, local.address(), 8);
      memory.submit(in);
      memory.fence(in);
      assertTrue(in.isComplete());
      local.fill((byte) 7);

      Transfer out = new Transfer().write(slab, 8, local.address(), 8);
      memory.submit(out);
      memory.fence(out);
      assertTrue(out.isComplete());
      byte[] decided = read(slab, 8, 8);
      local.fill((byte) 9);
      assertArrayEquals(decided, read(slab, 8, 8));
      assertEquals(-1, local.mismatch(arena.allocate(8).fill((byte) 9)));
    }
    memory.fence(new Transfer());
  }

  @Test
  void writeIsSeenByWhatIsSubmittedAfterItsCompletion() {
    long slab = memory.allocateSlab();
    MemorySegment local = arena.allocate(16);
    Transfer out = new Transfer();
    Transfer in = new Transfer();
    for (long value = 1; value <= 500; value++) {
      local.set(ValueLayout.JAVA_LONG, 0, value);
      run(memory, out.write(slab, 32, local.address(), 8));
      run(memory, in.read(slab, 32, local.address() + 8, 8));
      assertEquals(value, local.get(ValueLayout.JAVA_LONG, 8));
    }
  }

  @Test
  void passedDeadlineFencesOrFindsItDone() {
    long slab = memory.allocateSlab();
    long rawAddress = arena.allocate(8).address();
    Transfer transfer = new Transfer().read(slab, 0, rawAddress, 8);
    memory.submit(transfer);
    try {
      memory.await(transfer, memory.clock().getAsLong() - 1);
      assertTrue(transfer.isDone());
    } catch (TransportTimeoutException e) {
      assertEquals(Transfer.FAILED, transfer.state());
    }
    run(memory, transfer.read(slab, 0, rawAddress, 8));
  }

  /** Of providers that have atomic operations; whether one has is said by its own test. */
  @Test
  void atomicOperationsAnswerTheValueBefore() {
    long slab = memory.allocateSlab();
    FarAtomics atomics = memory.atomics().orElse(null);
    if (atomics == null) {
      return;
    }
    assertEquals(0, atomics.fetchAndAdd(slab, 8, Long.MAX_VALUE, DEADLINE_NANOS));
    assertEquals(Long.MAX_VALUE, atomics.fetchAndAdd(slab, 8, 2, DEADLINE_NANOS));
    assertEquals(Long.MIN_VALUE + 1, atomics.fetchAndAdd(slab, 8, 0, DEADLINE_NANOS));
    long last = SLAB_BYTES - 8;
    assertEquals(0, atomics.compareAndSwap(slab, last, 0, -5, DEADLINE_NANOS));
    assertEquals(-5, atomics.compareAndSwap(slab, last, 0, 7, DEADLINE_NANOS));
    assertEquals(-5, atomics.compareAndSwap(slab, last, -5, 9, DEADLINE_NANOS));
    assertEquals(
        9, MemorySegment.ofArray(read(slab, last, 8)).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    for (long wrong : new long[] {-8, 4, SLAB_BYTES - 4, SLAB_BYTES, Long.MIN_VALUE}) {
      assertThrows(
          RequestRefusedException.class,
          () -> atomics.fetchAndAdd(slab, wrong, 1, DEADLINE_NANOS),
          "slabOffset " + wrong);
    }
    memory.releaseSlab(slab);
    assertThrows(
        RequestRefusedException.class, () -> atomics.fetchAndAdd(slab, 0, 1, DEADLINE_NANOS));
    long next = memory.allocateSlab();
    memory.close();
    assertThrows(
        ConnectionLostException.class, () -> atomics.compareAndSwap(next, 0, 0, 1, DEADLINE_NANOS));
  }

  @Test
  void functionsAreCalledByName() {
    byte[] argument = "far".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(argument, memory.call("echo", argument, DEADLINE_NANOS));
    assertEquals(0, memory.call("ping", new byte[0], DEADLINE_NANOS).length);
    RequestRefusedException refusal =
        assertThrows(
            RequestRefusedException.class, () -> memory.call("no-such", argument, DEADLINE_NANOS));
    assertTrue(refusal.getMessage().contains("no-such"), refusal.getMessage());
  }

  @Test
  void statisticsAreExactWhenNothingIsInFlight() {
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[100]);
    write(slab, 0, new byte[23]);
    read(slab, 0, 4096);
    failureOf(new Transfer().read(slab, -1, arena.allocate(8).address(), 8));
    assertEquals(
        new FarMemoryStatistics(1, SLABS, SLAB_BYTES, 1, 2, 4096, 123), memory.statistics());
    memory.releaseSlab(slab);
    assertEquals(new FarMemoryStatistics(0, SLABS, 0, 1, 2, 4096, 123), memory.statistics());
  }

  @Test
  void closedMemoryFailsTyped() {
    long slab = memory.allocateSlab();
    long rawAddress = arena.allocate(8).address();
    Transfer inFlight = new Transfer().read(slab, 0, rawAddress, 8);
    memory.submit(inFlight);
    memory.close();
    memory.close();
    assertThrows(ConnectionLostException.class, memory::allocateSlab);
    assertThrows(ConnectionLostException.class, () -> memory.releaseSlab(slab));
    assertThrows(
        ConnectionLostException.class, () -> memory.call("ping", new byte[0], DEADLINE_NANOS));
    assertInstanceOf(
        ConnectionLostException.class, failureOf(new Transfer().read(slab, 0, rawAddress, 8)));
    assertInstanceOf(
        ConnectionLostException.class, failureOf(new Transfer().write(slab, 0, rawAddress, 8)));
    memory.fence(inFlight);
    assertTrue(memory.poll(inFlight));
    memory.flush();
    assertEquals(0, memory.statistics().slabsAllocated());
    assertFalse(memory.statistics().toString().isEmpty());
  }
}
