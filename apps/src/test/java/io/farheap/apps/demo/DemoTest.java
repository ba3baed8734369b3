package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoTest {
  private static final long SEED = 42;
  private static final int BROKEN_KEYS = 64;
  private static final DemoSettings TINY =
      new DemoSettings(
          4L << 20, 12L << 20, List.of(Mode.values()), 0.2, 3, SEED, 0.99, "1us", Optional.empty());

  private final StringWriter out = new StringWriter();

  private static ProgressBar silent() {
    return new ProgressBar(new PrintWriter(new StringWriter()), false);
  }

  private static ModeResult run(Mode mode, BiConsumer<FarHeap, ItemStore> afterLoad) {
    return new ModeRun(TINY, silent(), afterLoad).run(mode);
  }

  /** In many items, since one alone could be replaced before anybody reads it. */
  private static void flipBits(FarHeap heap, ItemStore store) {
    for (int key = 0; key < BROKEN_KEYS; key++) {
      long handle = store.handle(key);
      heap.handles().setByte(handle, 77, (byte) (heap.handles().getByte(handle, 77) ^ 8));
    }
  }

  @Test
  void allModesRunVerifyAndReport() {
    new Demo(TINY, new PrintWriter(out), false).run();
    String text = out.toString();
    for (String part :
        new String[] {
          "12 MiB of items",
          "injected latency of 1us",
          "hybrid: loaded ",
          "paging only: ran ",
          "object only: verified ",
          "bytes moved per useful byte",
          "Here ",
          "none was lost or wrong"
        }) {
      assertTrue(text.contains(part), text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachModeMissesItsOwnWay(Mode mode) {
    ModeResult result = run(mode, (heap, store) -> {});
    String stats = result.stats().describe();
    assertTrue(result.stats().misses() > 0, stats);
    assertTrue(result.tally().operations() > 0);
    assertTrue(result.verified() >= new ItemSizes(SEED).itemsFor(TINY.dataBytes()));
    switch (mode) {
      case PAGING_ONLY -> assertEquals(0, result.stats().count(Counter.OBJECT_FETCHES), stats);
      case OBJECT_ONLY -> assertEquals(0, result.stats().count(Counter.PAGE_FETCHES), stats);
      case HYBRID -> {}
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedBitEndsTheRunAndNamesAKey(Mode mode) {
    CorruptItemException failure =
        assertThrows(CorruptItemException.class, () -> run(mode, DemoTest::flipBits));
    String message = failure.getMessage();
    assertTrue(message.matches("key [1-6]?[0-9], version .*"), message);
    assertTrue(message.contains("expected ") && message.contains("found "), message);
  }

  @Test
  void aLostItemIsFound() {
    try (FarHeap heap = TINY.open(Mode.HYBRID)) {
      ItemCodec codec = new ItemCodec(SEED, new ItemSizes(SEED));
      ItemStore store = new ItemStore(heap, codec, 2);
      store.load(0);
      store.load(1);
      store.get(1);
      heap.handles().free(store.handle(1));
      store.get(0);
      CorruptItemException failure = assertThrows(CorruptItemException.class, () -> store.get(1));
      assertTrue(failure.getMessage().contains("key 1, version 0"), failure::getMessage);
    }
  }

  @Test
  void updatesGoOnToTheNextVersionInPlaceOrElsewhere() {
    try (FarHeap heap = TINY.open(Mode.HYBRID)) {
      ItemCodec codec = new ItemCodec(SEED, new ItemSizes(SEED));
      ItemStore store = new ItemStore(heap, codec, 1);
      store.load(0);
      long first = store.handle(0);
      assertEquals(codec.itemBytes(0, 1), store.update(0));
      assertEquals(first, store.handle(0));
      int version = 1;
      while (store.handle(0) == first) {
        version++;
        store.update(0);
        assertEquals(codec.itemBytes(0, version), store.get(0));
      }
      assertEquals(0, version % 2);
      assertThrows(RuntimeException.class, () -> heap.handles().lengthBytes(first));
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    for (String wrong : new String[] {"data", "seconds", "threads", "skew", "modes"}) {
      Exception refusal =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  new DemoSettings(
                      4L << 20,
                      wrong.equals("data") ? 0 : 1 << 20,
                      wrong.equals("modes") ? List.of() : List.of(Mode.HYBRID),
                      wrong.equals("seconds") ? Double.NaN : 1,
                      wrong.equals("threads") ? 0 : 1,
                      SEED,
                      wrong.equals("skew") ? -1 : 1,
                      "0",
                      Optional.empty()));
      assertTrue(refusal.getMessage().startsWith(wrong + "="), refusal::getMessage);
    }
  }
}
