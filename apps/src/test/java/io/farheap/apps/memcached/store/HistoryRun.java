package io.farheap.apps.memcached.store;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.store.KeyHistory.Event;
import io.farheap.apps.memcached.store.KeyHistory.Kind;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Threads that use a few keys at the same time, in rounds, while another fills the store with other
 * items, so that it evicts and pages go out. The histories of the keys are checked after each
 * round.
 */
final class HistoryRun {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final int KEYS = 5;
  private static final int THREADS = 4;
  private static final int STEPS = 10;
  private static final int NOISE_KEYS = 30_000;

  private final ItemStore store;
  private final long seed;
  private final KeyHistory[] histories = new KeyHistory[KEYS];
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private int hits;
  private int unavailable;

  HistoryRun(ItemStore store, long seed, boolean mayVanish) {
    this.store = store;
    this.seed = seed;
    for (int i = 0; i < KEYS; i++) {
      histories[i] = new KeyHistory(mayVanish);
    }
  }

  /** Operations that found an item. */
  int hits() {
    return hits;
  }

  /** Operations that a memory server did not answer. */
  int unavailable() {
    return unavailable;
  }

  /** Runs until it has been told enough, or for a number of rounds. */
  void run(int rounds, Runnable betweenRounds) throws InterruptedException {
    Thread noise = start(() -> makeNoise(new Random(seed)));
    try {
      for (int round = 0; round < rounds && failure.get() == null; round++) {
        round(round);
        betweenRounds.run();
      }
    } finally {
      over.set(true);
      noise.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("seed " + seed, failure.get());
    }
  }

  private Thread start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable t) {
                failure.compareAndSet(null, t);
              }
            });
    thread.start();
    return thread;
  }

  private record Done(int key, Event event) {}

  private void round(int number) throws InterruptedException {
    List<List<Done>> results = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    for (int t = 0; t < THREADS; t++) {
      List<Done> done = new ArrayList<>();
      results.add(done);
      Random random = new Random(seed * 1_000_003 + number * 31L + t);
      threads.add(
          start(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                new Client(random).run(done);
              }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    for (int key = 0; key < KEYS; key++) {
      List<Event> events = new ArrayList<>();
      for (List<Done> done : results) {
        for (Done d : done) {
          if (d.key == key) {
            events.add(d.event);
          }
        }
      }
      for (Event event : events) {
        hits += event.outcome() == Outcome.HIT ? 1 : 0;
        unavailable += event.outcome() == Outcome.UNAVAILABLE ? 1 : 0;
      }
      if (!histories[key].add(events)) {
        throw new AssertionError(
            "seed " + seed + ", round " + number + ", key " + key + " cannot have had " + events);
      }
    }
  }

  private void makeNoise(Random random) {
    ItemKey key = new ItemKey();
    ItemInfo info = new ItemInfo();
    byte[] value = new byte[1500];
    while (!over.get()) {
      byte[] name = ("noise" + random.nextInt(NOISE_KEYS)).getBytes(StandardCharsets.US_ASCII);
      key.at(MemorySegment.ofArray(name), 0, name.length);
      MemorySegment bytes = MemorySegment.ofArray(value);
      int length = random.nextInt(value.length);
      if (random.nextInt(3) == 0) {
        Outcome _ = store.get(key, new GetRequest(), null, info, true);
      } else {
        Outcome _ = store.set(key, new SetRequest().set(bytes, 0, length, 0, 0), info, true);
      }
    }
  }

  /** One thread's operations of one round. */
  private final class Client {
    private final Random random;
    private final ItemKey key = new ItemKey();
    private final ItemInfo info = new ItemInfo();
    private final byte[] received = new byte[4096];
    private long seenCas = 1;
    private boolean waits;

    Client(Random random) {
      this.random = random;
    }

    void run(List<Done> done) {
      for (int i = 0; i < STEPS; i++) {
        int number = random.nextInt(KEYS);
        byte[] name = ("key" + number).getBytes(StandardCharsets.US_ASCII);
        key.at(MemorySegment.ofArray(name), 0, name.length);
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        String text = Integer.toString(random.nextInt(1000));
        long wanted = kind == Kind.INCR ? random.nextInt(10) : seenCas;
        long start = System.nanoTime();
        Outcome outcome = waiting(() -> act(kind, text, wanted));
        long end = System.nanoTime();
        String result = text;
        if (kind == Kind.GET && outcome == Outcome.HIT) {
          result = new String(received, 0, info.valueLengthBytes(), StandardCharsets.US_ASCII);
        } else if (kind == Kind.INCR && outcome == Outcome.HIT) {
          result = Long.toUnsignedString(info.number());
        }
        long cas = info.cas();
        if (cas != 0) {
          seenCas = cas;
        }
        done.add(new Done(number, new Event(kind, outcome, result, cas, wanted, start, end)));
      }
    }

    private Outcome waiting(Supplier<Outcome> action) {
      waits = random.nextBoolean();
      Outcome outcome = action.get();
      if (outcome == Outcome.WOULD_WAIT) {
        waits = true;
        outcome = action.get();
      }
      return outcome;
    }

    private Outcome act(Kind kind, String text, long wanted) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      SetRequest set = new SetRequest().set(MemorySegment.ofArray(bytes), 0, bytes.length, 0, 0);
      ItemSink sink = found -> found.copyValueTo(MemorySegment.ofArray(received), 0);
      return switch (kind) {
        case GET -> store.get(key, new GetRequest(), sink, info, waits);
        case SET -> store.set(key, set, info, waits);
        case ADD -> store.set(key, set.mode(SetMode.ADD), info, waits);
        case CAS -> store.set(key, set.cas(wanted), info, waits);
        case APPEND -> store.set(key, set.mode(SetMode.APPEND), info, waits);
        case INCR -> store.delta(key, new DeltaRequest().incr(wanted), info, waits);
        case DELETE -> store.delete(key, new DeleteRequest(), info, waits);
      };
    }
  }

  /** Options of a heap of which a tenth is local. */
  static HeapOptionsBuilder tenthLocal() {
    return HeapOptions.builder()
        .isolated()
        .localMemory("2MiB")
        .farMemory("48MiB")
        .slabSizeBytes(1 << 20)
        .segmentChecks(false)
        .hugePages(false);
  }

  /** A store with its own background thread; the noise takes some 24 MiB. */
  static ItemStore store(FarHeap heap, int limitMiB) {
    return ItemStore.open(
        heap,
        StoreOptions.standard().withMaxItemBytes(1 << 16).withLimitBytes((long) limitMiB << 20));
  }
}
