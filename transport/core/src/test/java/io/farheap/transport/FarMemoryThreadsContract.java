package io.farheap.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What every provider of far memory must do on several threads besides. */
public abstract class FarMemoryThreadsContract extends FarMemoryContract {
  private static final int THREADS = 4;
  private static final int BLOCK_BYTES = 512;
  private static final int DEPTH = 8;

  @Test
  void concurrentTransfersDoNotMix() throws Exception {
    long slab = memory.allocateSlab();
    long seed = 77;
    List<Callable<Void>> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      jobs.add(() -> pipelines(slab, thread, seed));
    }
    runAll(jobs);
  }

  /** Keeps several transfers in flight on every fourth block of one slab and checks each read. */
  private Void pipelines(long slab, int thread, long seed) {
    SplittableRandom random = new SplittableRandom(seed + thread);
    int blocks = SLAB_BYTES / BLOCK_BYTES / THREADS;
    long[] checksums = new long[blocks];
    Arrays.fill(checksums, checksum(new byte[BLOCK_BYTES]));
    Transfer[] transfers = new Transfer[DEPTH];
    Arrays.setAll(transfers, i -> new Transfer());
    try (Arena local = Arena.ofConfined()) {
      MemorySegment buffers = local.allocate((long) DEPTH * BLOCK_BYTES);
      for (int round = 0; round < 1500; round++) {
        int first = random.nextInt(blocks);
        for (int i = 0; i < DEPTH; i++) {
          int block = (first + i) % blocks;
          long slabOffset = (long) (block * THREADS + thread) * BLOCK_BYTES;
          MemorySegment buffer = buffers.asSlice((long) i * BLOCK_BYTES, BLOCK_BYTES);
          if (random.nextBoolean()) {
            byte[] bytes = randomBytes(random, BLOCK_BYTES);
            MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, BLOCK_BYTES);
            checksums[block] = checksum(bytes);
            transfers[i].write(slab, slabOffset, buffer.address(), BLOCK_BYTES);
          } else {
            transfers[i].read(slab, slabOffset, buffer.address(), BLOCK_BYTES);
          }
        }
        for (Transfer transfer : transfers) {
          memory.submit(transfer);
        }
        memory.flush();
        for (int i = 0; i < DEPTH; i++) {
          memory.await(transfers[i], memory.clock().getAsLong() + 60_000_000_000L);
          byte[] bytes =
              buffers.asSlice((long) i * BLOCK_BYTES, BLOCK_BYTES).toArray(ValueLayout.JAVA_BYTE);
          assertEquals(
              checksums[(first + i) % blocks],
              checksum(bytes),
              () -> "seed " + seed + " thread " + thread);
        }
      }
    }
    return null;
  }

  private static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }

  @Test
  void concurrentAdditionsAreAllCounted() throws Exception {
    long slab = memory.allocateSlab();
    FarAtomics atomics = memory.atomics().orElse(null);
    if (atomics == null) {
      return;
    }
    long additions = 300;
    List<Callable<Void>> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      jobs.add(
          () -> {
            for (int round = 0; round < additions; round++) {
              atomics.fetchAndAdd(slab, 64, 1, 60_000_000_000L);
            }
            return null;
          });
    }
    runAll(jobs);
    assertEquals(THREADS * additions, atomics.fetchAndAdd(slab, 64, 0, 60_000_000_000L));
  }

  @Test
  void slabsAreHandedOutOnceUnderConcurrency() throws Exception {
    List<Callable<Void>> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      byte mark = (byte) (i + 1);
      jobs.add(
          () -> {
            try (Arena local = Arena.ofConfined()) {
              MemorySegment buffer = local.allocate(SLAB_BYTES);
              for (int round = 0; round < 100; round++) {
                long slab = memory.allocateSlab();
                run(memory, new Transfer().read(slab, 0, buffer.address(), SLAB_BYTES));
                assertEquals(-1, buffer.mismatch(local.allocate(SLAB_BYTES)), "not zero");
                buffer.fill(mark);
                run(memory, new Transfer().write(slab, 0, buffer.address(), SLAB_BYTES));
                run(memory, new Transfer().read(slab, 0, buffer.address(), SLAB_BYTES));
                assertEquals(mark, buffer.get(ValueLayout.JAVA_BYTE, SLAB_BYTES - 1));
                memory.releaseSlab(slab);
              }
            }
            return null;
          });
    }
    runAll(jobs);
    assertEquals(0, memory.statistics().slabsAllocated());
  }

  @Test
  void closingUnderLoadLetsEveryTransferEnd() throws Exception {
    long slab = memory.allocateSlab();
    byte[] ones = new byte[SLAB_BYTES];
    Arrays.fill(ones, (byte) 1);
    write(slab, 0, ones);
    CountDownLatch started = new CountDownLatch(THREADS);
    List<Callable<Void>> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      jobs.add(() -> readUntilClosed(slab, started));
    }
    jobs.add(
        () -> {
          started.await();
          memory.close();
          return null;
        });
    runAll(jobs);
  }

  private Void readUntilClosed(long slab, CountDownLatch started) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment buffer = local.allocate(4096);
      MemorySegment expected = local.allocate(4096).fill((byte) 1);
      Transfer transfer = new Transfer();
      while (true) {
        buffer.fill((byte) 0);
        try {
          run(memory, transfer.read(slab, 8192, buffer.address(), 4096));
        } catch (ConnectionLostException e) {
          started.countDown();
          return null;
        }
        assertEquals(-1, buffer.mismatch(expected), "a read of closed memory went unnoticed");
        started.countDown();
      }
    }
  }

  private static void runAll(List<Callable<Void>> jobs) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(jobs.size())) {
      List<Future<Void>> futures = new ArrayList<>();
      jobs.forEach(job -> futures.add(executor.submit(job)));
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }
}
