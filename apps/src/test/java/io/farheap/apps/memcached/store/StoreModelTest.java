package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.options.HeapOptions;
import io.farheap.stats.Gauge;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store beside a model on the Java heap, through all operations, from a seed. Items may vanish
 * where there is eviction; what is there must be right.
 */
class StoreModelTest {
  private static final int STEPS = 40_000;
  private static final List<SetMode> MODES = List.of(SetMode.values());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithTheModelWhileEverythingHasRoom(long seed) {
    try (FarHeap heap = heap("16MiB", "64MiB", "embedded:")) {
      Run run = new Run(heap, seed, 300, 3_000, 0);
      run.steps(STEPS);
      assertEquals(0, run.store.stats().count(StoreCounter.EVICTIONS), run::where);
      assertTrue(run.hits > STEPS / 20, run::where);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void agreesWithTheModelUnderEvictionWithAThirdLocal(long seed) {
    // Where far memory is a copy away, small items never wait.
    String locator = seed % 2 == 0 ? "embedded:?latency=5us" : "embedded:";
    try (FarHeap heap = heap("2MiB", "32MiB", locator)) {
      Run run = new Run(heap, seed, 20_000, 8_000, 6 << 20);
      run.steps(3 * STEPS);
      assertTrue(
          run.store.stats().count(StoreCounter.EVICTIONS) > 1000,
          () -> run.where() + run.store.stats());
      assertEquals(
          run.store.stats().currItems(), heap.stats().level(Gauge.RECORDS_LIVE), run::where);
      assertTrue(heap.stats().misses() > 1000, run::where);
      assertTrue(run.hits > STEPS / 20, run::where);
    }
  }

  private static FarHeap heap(String local, String far, String locator) {
    return FarHeap.open(
        HeapOptions.builder()
            .isolated()
            .localMemory(local)
            .farMemory(far)
            .farLocator(locator)
            .slabSizeBytes(1 << 20)
            .segmentChecks(false)
            .hugePages(false)
            .build());
  }

  private static final class Run {
    private final long seed;
    private final Random random;

    /** Who waits depends on how fast the agents are; the operations do not. */
    private final Random waiting;

    private final int keys;
    private final int longestValue;
    private final boolean evicts;
    private final Map<Integer, ModelItem> model = new HashMap<>();
    private final ItemKey key = new ItemKey();
    private final ItemInfo info = new ItemInfo();
    private final byte[] received = new byte[1 << 17];
    private final int maxItemBytes = 1 << 16;
    private final ItemStore store;
    private long now = 1_700_000_000;
    private long flushAt = Long.MAX_VALUE;
    private long lastCas;
    private int step;
    private int keyNumber;
    private int hits;
    private String operation = "";

    Run(FarHeap heap, long seed, int keys, int longestValue, long limitBytes) {
      this.seed = seed;
      this.random = new Random(seed);
      this.waiting = new Random(seed);
      this.keys = keys;
      this.longestValue = longestValue;
      this.evicts = limitBytes > 0;
      this.store =
          ItemStore.open(
              heap,
              StoreOptions.standard()
                  .withMaxItemBytes(maxItemBytes)
                  .withLimitBytes(limitBytes)
                  .withBackground(false)
                  .withClock(() -> now));
    }

    void steps(int count) {
      try (store) {
        for (step = 0; step < count; step++) {
          passTime();
          keyNumber = random.nextInt(keys);
          byte[] bytes = keyBytes(keyNumber);
          key.at(MemorySegment.ofArray(bytes), 0, bytes.length);
          expire();
          switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> get();
            case 4, 5, 6 -> set();
            case 7 -> delta();
            case 8 -> delete();
            default -> rare();
          }
          if (step % 10_000 == 0) {
            store.check();
          }
        }
        checkAll();
      }
    }

    private void passTime() {
      if (random.nextInt(50) == 0) {
        now += random.nextInt(10);
      }
      if (random.nextInt(2000) == 0) {
        now += 5000;
      }
      if (now >= flushAt) {
        model.clear();
        flushAt = Long.MAX_VALUE;
      }
    }

    private void expire() {
      ModelItem item = model.get(keyNumber);
      if (item != null && item.expirySeconds() != 0 && item.expirySeconds() <= now) {
        model.remove(keyNumber);
      }
    }

    private static byte[] keyBytes(int number) {
      String text = "key:" + number + (number % 7 == 0 ? "x".repeat(200) : "");
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private long expiry() {
      return switch (random.nextInt(6)) {
        case 0, 1, 2 -> 0;
        case 3 -> now + random.nextInt(20);
        case 4 -> now + 100 + random.nextInt(10_000);
        default -> random.nextInt(10) == 0 ? now - 1 : now + 1_000_000;
      };
    }

    private long someCas() {
      ModelItem item = model.get(keyNumber);
      long cas = item == null ? 1 + random.nextInt(1000) : item.cas();
      return switch (random.nextInt(4)) {
        case 0 -> cas + 1;
        case 1 -> Math.max(1, cas - 1);
        default -> cas;
      };
    }

    private void get() {
      GetRequest request = new GetRequest();
      if (random.nextInt(4) == 0) {
        request.noBump();
      }
      if (random.nextInt(6) == 0) {
        request.expireAt(expiry()).countTouch();
      }
      if (random.nextInt(10) == 0) {
        request.vivify(expiry(), random.nextBoolean());
      }
      if (random.nextInt(6) == 0) {
        request.takeToken();
      }
      if (random.nextInt(10) == 0) {
        request.recacheBelow(random.nextInt(2000));
      }
      operation = "get";
      byte[][] value = new byte[1][];
      ItemSink sink =
          found -> {
            value[0] = received;
            found.copyValueTo(MemorySegment.ofArray(received), 5);
          };
      Outcome outcome = run(() -> store.get(key, request, sink, info, mayWait()));
      ModelItem before = model.get(keyNumber);
      StoreModel.Result result =
          settle(outcome, item -> StoreModel.get(item, request, now), info.cas());
      if (outcome == Outcome.HIT) {
        hits++;
        assertEquals(result.won(), info.won(), this::where);
        assertEquals(result.created(), info.created(), this::where);
        byte[] bytes = new byte[info.valueLengthBytes()];
        System.arraycopy(value[0], 5, bytes, 0, bytes.length);
        ModelItem seen = result.created() ? result.after() : before;
        assertArrayEquals(seen.value(), bytes, this::where);
        assertEquals(seen.clientFlags(), info.clientFlags(), this::where);
        assertEquals(result.after().expirySeconds(), info.expirySeconds(), this::where);
        assertEquals(seen.stale(), info.stale(), this::where);
        assertEquals(seen.binaryKey(), info.binaryKey(), this::where);
        assertEquals(key.lengthBytes(), info.keyLengthBytes(), this::where);
        if (!result.created()) {
          assertEquals(seen.cas(), info.cas(), this::where);
          assertEquals(seen.tokenSent(), info.tokenSent(), this::where);
        }
      }
    }

    private void set() {
      int length = random.nextInt(20) == 0 ? 0 : random.nextInt(longestValue);
      if (random.nextInt(200) == 0) {
        length = 30_000 + random.nextInt(40_000);
      }
      byte[] value = new byte[length];
      random.nextBytes(value);
      if (random.nextInt(4) == 0) {
        value = number();
      }
      SetRequest request = new SetRequest();
      int flags = random.nextBoolean() ? 0 : random.nextInt();
      request.set(MemorySegment.ofArray(value), 0, value.length, flags, expiry());
      request.mode(MODES.get(Math.max(0, random.nextInt(9) - 4)));
      if (random.nextInt(4) == 0) {
        request.cas(someCas());
        if (random.nextBoolean()) {
          request.invalidate();
        }
      }
      if (random.nextInt(20) == 0) {
        request.newCas(random.nextBoolean() ? -5 : 1L << 40);
      }
      if (random.nextInt(10) == 0) {
        request.binaryKey();
      }
      if (random.nextInt(5) == 0) {
        request.vivify(expiry());
      }
      operation = "set " + request.mode + (request.hasCas ? " cas" : "") + " of " + value.length;
      byte[] bytes = value;
      Outcome outcome = run(() -> store.set(key, request, info, mayWait()));
      settle(
          outcome,
          item -> StoreModel.set(item, request, bytes, maxItemBytes - key.lengthBytes()),
          info.cas());
    }

    private byte[] number() {
      String text =
          switch (random.nextInt(6)) {
            case 0 -> "18446744073709551615";
            case 1 -> "18446744073709551616";
            case 2 -> " 12 ";
            case 3 -> "0010";
            case 4 -> "12a";
            default -> Integer.toString(random.nextInt(1000));
          };
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void delta() {
      DeltaRequest request = new DeltaRequest();
      long amount = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100);
      if (random.nextBoolean()) {
        request.incr(amount);
      } else {
        request.decr(amount);
      }
      if (random.nextInt(5) == 0) {
        request.cas(someCas());
      }
      if (random.nextInt(5) == 0) {
        request.vivify(random.nextInt(100), expiry(), random.nextBoolean());
      }
      if (random.nextInt(5) == 0) {
        request.expireAt(expiry());
      }
      operation = "delta";
      Outcome outcome = run(() -> store.delta(key, request, info, mayWait()));
      StoreModel.Result result =
          settle(outcome, item -> StoreModel.delta(item, request), info.cas());
      if (outcome == Outcome.HIT) {
        assertEquals(result.number(), info.number(), this::where);
        assertEquals(result.created(), info.created(), this::where);
      }
    }

    private void delete() {
      DeleteRequest request = new DeleteRequest();
      if (random.nextInt(4) == 0) {
        request.cas(someCas());
      }
      if (random.nextInt(3) == 0) {
        request.invalidate();
        if (random.nextBoolean()) {
          request.expireAt(expiry());
        }
      }
      if (random.nextInt(8) == 0) {
        request.dropValue();
      }
      if (random.nextInt(20) == 0) {
        request.newCas(1L << 50);
      }
      operation = "delete";
      Outcome outcome = run(() -> store.delete(key, request, info, mayWait()));
      settle(outcome, item -> StoreModel.delete(item, request), info.cas());
    }

    private void rare() {
      operation = "background work, or a flush";
      int _ = store.work();
      if (random.nextInt(evicts ? 20_000 : 200) == 0) {
        long at = random.nextBoolean() ? now : now + random.nextInt(20);
        store.flushAll(at);
        if (at <= now) {
          model.clear();
          flushAt = Long.MAX_VALUE;
        } else {
          flushAt = at;
        }
      }
    }

    private boolean mayWait() {
      return waits;
    }

    private boolean waits;

    /** Runs an operation as an event loop would: first without waiting, and then with. */
    private Outcome run(Supplier<Outcome> action) {
      waits = waiting.nextBoolean();
      Outcome outcome = action.get();
      if (outcome == Outcome.WOULD_WAIT) {
        assertTrue(!waits, this::where);
        waits = true;
        if (waiting.nextBoolean()) {
          boolean _ = store.tryFetch(Duration.ofSeconds(1), store.locate(key));
        }
        outcome = action.get();
      }
      assertTrue(outcome != Outcome.WOULD_WAIT && outcome != Outcome.UNAVAILABLE, this::where);
      return outcome;
    }

    /** Does the operation on the model, or on the model without the item if that was evicted. */
    private StoreModel.Result settle(
        Outcome outcome, Function<ModelItem, StoreModel.Result> action, long cas) {
      StoreModel.Result result = action.apply(model.get(keyNumber));
      if (evicts && outcome != result.outcome() && model.get(keyNumber) != null) {
        result = action.apply(null);
      } else if (evicts && info.created() && !result.created() && model.get(keyNumber) != null) {
        result = action.apply(null);
      }
      assertEquals(result.outcome(), outcome, this::where);
      ModelItem after = result.after();
      if (after != null && after.cas() == StoreModel.ANY_CAS) {
        assertTrue(cas > lastCas, this::where);
        lastCas = cas;
        after = after.withCas(cas);
        result =
            new StoreModel.Result(
                result.outcome(), after, result.won(), result.created(), result.number());
      }
      if (after == null) {
        model.remove(keyNumber);
      } else {
        model.put(keyNumber, after);
      }
      return result;
    }

    private void checkAll() {
      store.check();
      for (keyNumber = 0; keyNumber < keys; keyNumber++) {
        expire();
        byte[] bytes = keyBytes(keyNumber);
        key.at(MemorySegment.ofArray(bytes), 0, bytes.length);
        ModelItem item = model.get(keyNumber);
        waits = true;
        Outcome outcome = store.get(key, new GetRequest(), null, info, true);
        if (item == null || !evicts) {
          assertEquals(item == null ? Outcome.MISS : Outcome.HIT, outcome, this::where);
        }
      }
      if (!evicts) {
        int _ = store.work();
        assertTrue(store.stats().currItems() >= model.size(), this::where);
      }
    }

    private String where() {
      return "seed "
          + seed
          + ", step "
          + step
          + ", "
          + operation
          + ", key "
          + keyNumber
          + ", model "
          + model.get(keyNumber)
          + ", hits "
          + hits
          + ", waits "
          + waits;
    }
  }
}
