package io.farheap.testing.faulty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client that reads, writes, waits, gives up and fences at random, against a model of what each
 * word may hold: a word has a set of possible values, to which a write adds its own when it is
 * submitted, and which shrinks to one value when a write or read had the word to itself.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultyModelTest {
  private static final int SEEDS = 1500;
  private static final int STEPS = 250;
  private static final int DEPTH = 6;

  private static FaultPlan plan(long seed) {
    return FaultPlan.none(seed).withDelay(0.2, 6, 0).withReorder(0.25).withFail(0.1).withDrop(0.15);
  }

  private static FaultyMemory open(String inner, long seed) {
    AtomicLong clock = new AtomicLong();
    FarMemory wrapped =
        Transports.open(inner, TransportOptions.defaults().withClock(clock::incrementAndGet));
    return new FaultyMemory(wrapped, plan(seed), clock::incrementAndGet);
  }

  /** One word of far memory, as far as the client can know it. */
  private static final class Word {
    final Set<Long> possible = new HashSet<>(Set.of(0L));
    int writesInFlight;
    int writesStarted;
  }

  /** One transfer and what it met. */
  private static final class Slot {
    final Transfer transfer = new Transfer();
    final MemorySegment local;
    Word word;
    boolean writing;
    boolean alone;
    int writesStarted;
    long value;
    final Set<Long> readable = new HashSet<>();
    int patience;

    Slot(MemorySegment local) {
      this.local = local;
    }
  }

  private static final class Client {
    final FarMemory memory;
    final SplittableRandom random;
    final long slab;
    final int firstWord;
    final Word[] words = new Word[4];
    final Slot[] slots = new Slot[DEPTH];
    final StringBuilder trace = new StringBuilder();
    long nextValue = 1;

    Client(FarMemory memory, long seed, long slab, int firstWord, Arena arena) {
      this.memory = memory;
      this.random = new SplittableRandom(~seed);
      this.slab = slab;
      this.firstWord = firstWord;
      for (int i = 0; i < words.length; i++) {
        words[i] = new Word();
      }
      for (int i = 0; i < DEPTH; i++) {
        slots[i] = new Slot(arena.allocate(8));
      }
    }

    void step() {
      Slot slot = slots[random.nextInt(DEPTH)];
      if (slot.word == null) {
        begin(slot);
      } else if (memory.poll(slot.transfer)) {
        end(slot);
      } else if (--slot.patience == 0) {
        memory.fence(slot.transfer);
        end(slot);
      }
    }

    void finish() {
      for (Slot slot : slots) {
        while (slot.word != null) {
          if (memory.poll(slot.transfer) || --slot.patience <= 0) {
            memory.fence(slot.transfer);
            end(slot);
          }
        }
      }
    }

    private void begin(Slot slot) {
      int index = random.nextInt(words.length);
      Word word = words[index];
      slot.word = word;
      slot.patience = 1 + random.nextInt(20);
      slot.alone = word.writesInFlight == 0;
      slot.writing = random.nextBoolean();
      long slabOffset = 8L * (firstWord + index);
      if (slot.writing) {
        slot.value = nextValue++;
        slot.local.set(ValueLayout.JAVA_LONG, 0, slot.value);
        word.possible.add(slot.value);
        for (Slot other : slots) {
          if (other.word == word && !other.writing && other != slot) {
            other.readable.add(slot.value);
          }
        }
        word.writesInFlight++;
        word.writesStarted++;
        slot.transfer.write(slab, slabOffset, slot.local.address(), 8);
      } else {
        slot.readable.clear();
        slot.readable.addAll(word.possible);
        slot.local.set(ValueLayout.JAVA_LONG, 0, -1);
        slot.transfer.read(slab, slabOffset, slot.local.address(), 8);
      }
      slot.writesStarted = word.writesStarted;
      memory.submit(slot.transfer);
    }

    private void end(Slot slot) {
      Word word = slot.word;
      slot.word = null;
      boolean alone = slot.alone && slot.writesStarted == word.writesStarted;
      boolean done = slot.transfer.isDone();
      if (slot.writing) {
        word.writesInFlight--;
        if (done && alone) {
          word.possible.clear();
          word.possible.add(slot.value);
        }
      } else if (done) {
        long value = slot.local.get(ValueLayout.JAVA_LONG, 0);
        assertTrue(slot.readable.contains(value), "read " + value + ", possible " + slot.readable);
        if (alone) {
          word.possible.clear();
          word.possible.add(value);
        }
      }
      trace.append(slot.writing ? 'w' : 'r').append(done ? '+' : '-');
      // Whatever a late copy would bring or take is not what the model expects.
      slot.local.set(ValueLayout.JAVA_LONG, 0, -2);
    }

    /** A local word that changes after its transfer has ended shows a copy that came too late. */
    void checkNoLateReads() {
      for (Slot slot : slots) {
        if (slot.word == null && slot.transfer.isComplete()) {
          assertEquals(-2, slot.local.get(ValueLayout.JAVA_LONG, 0), "local memory was touched");
        }
      }
    }
  }

  private static String simulate(FaultyMemory memory, long seed) {
    try (Arena arena = Arena.ofConfined()) {
      Client client = new Client(memory, seed, memory.allocateSlab(), 0, arena);
      for (int i = 0; i < STEPS; i++) {
        client.step();
        client.checkNoLateReads();
      }
      client.finish();
      client.checkNoLateReads();
      return client.trace.toString();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  void everyHistoryIsOneThatTheContractAllows() {
    FaultCounts sum = new FaultCounts(0, 0, 0, 0, 0);
    for (long seed = 0; seed < SEEDS; seed++) {
      String inner =
          seed % 3 == 0
              ? "embedded:?slab=4KiB&capacity=4KiB&latency=20ns"
              : "embedded:?slab=4KiB&capacity=4KiB";
      try (FaultyMemory memory = open(inner, seed)) {
        simulate(memory, seed);
        FaultCounts counts = memory.faults();
        sum =
            new FaultCounts(
                sum.delayed() + counts.delayed(),
                sum.reordered() + counts.reordered(),
                sum.failed() + counts.failed(),
                sum.dropped() + counts.dropped(),
                0);
      }
    }
    assertTrue(
        Math.min(Math.min(sum.delayed(), sum.reordered()), Math.min(sum.failed(), sum.dropped()))
            > SEEDS,
        "too few faults: " + sum);
  }

  @Test
  void aSeedRepeatsItsHistory() {
    Set<String> traces = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      String[] runs = new String[2];
      for (int run = 0; run < runs.length; run++) {
        try (FaultyMemory memory = open("embedded:?slab=4KiB&capacity=4KiB", seed)) {
          runs[run] = simulate(memory, seed);
        }
      }
      assertEquals(runs[0], runs[1], "seed " + seed);
      traces.add(runs[0]);
    }
    assertEquals(20, traces.size());
    assertNotEquals(0, traces.iterator().next().length());
  }

  @Test
  void severalThreadsShareOneFaultyMemory() throws Exception {
    for (long round = 0; round < 5; round++) {
      long seed = round;
      try (FaultyMemory memory =
              open(
                  "embedded:?slab=4KiB&capacity=4KiB" + (seed % 2 == 0 ? "" : "&thread=true"),
                  seed);
          ExecutorService executor = Executors.newFixedThreadPool(4);
          Arena arena = Arena.ofShared()) {
        long slab = memory.allocateSlab();
        List<Future<?>> futures = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
          Client client = new Client(memory, seed * 31 + thread, slab, 4 * thread, arena);
          futures.add(
              executor.submit(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      client.step();
                      client.checkNoLateReads();
                    }
                    client.finish();
                  }));
        }
        for (Future<?> future : futures) {
          future.get();
        }
      }
    }
  }
}
