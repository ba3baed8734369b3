package io.farheap.apps.demo;

import io.farheap.FarHeap;
import io.farheap.apps.random.ZipfSampler;
import io.farheap.options.Mode;
import io.farheap.stats.HeapStats;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

/** Runs one mode from an empty heap to the last verified item. */
final class ModeRun {
  /** How many operations a thread does between two looks at anything shared. */
  private static final int BATCH = 256;

  /** The operations before the measured ones take this share of their time. */
  private static final double WARM_UP_SHARE = 0.25;

  private static final double NANOS = 1e9;

  private final DemoSettings settings;
  private final ItemCodec codec;
  private final int items;
  private final ProgressBar progress;
  private final Crew crew;
  private final BiConsumer<FarHeap, ItemStore> afterLoad;

  /**
   * Prepares runs.
   *
   * @param settings what to run
   * @param progress where to show how far it is
   * @param afterLoad called between loading and running, for tests
   */
  ModeRun(DemoSettings settings, ProgressBar progress, BiConsumer<FarHeap, ItemStore> afterLoad) {
    ItemSizes sizes = new ItemSizes(settings.seed());
    this.settings = settings;
    this.codec = new ItemCodec(settings.seed(), sizes);
    this.items = sizes.itemsFor(settings.dataBytes());
    this.progress = progress;
    this.crew = new Crew(settings.threads(), progress::show);
    this.afterLoad = afterLoad;
  }

  /**
   * Loads, runs and verifies.
   *
   * @throws CorruptItemException if an item is not what was written
   */
  ModeResult run(Mode mode) {
    String name = ModeResult.name(mode);
    try (FarHeap heap = settings.open(mode)) {
      ItemStore store = new ItemStore(heap, codec, items);
      step(name + ": loading", "loaded", store::load);
      afterLoad.accept(heap, store);
      Workload[] workloads = workloads();
      progress.begin(name + ": warming up");
      Tally warmUp = operate(store, workloads, settings.seconds() * WARM_UP_SHARE);
      progress.begin(name + ": running");
      HeapStats before = heap.stats();
      long started = System.nanoTime();
      Tally tally = operate(store, workloads, settings.seconds());
      long elapsedNanos = System.nanoTime() - started;
      HeapStats used = heap.stats().minus(before);
      progress.done(
          String.format(
              Locale.ROOT,
              "%s: ran %,d operations in %.1f s",
              name,
              tally.operations(),
              elapsedNanos / NANOS));
      step(name + ": verifying", "verified", store::get);
      long verified = warmUp.reads() + tally.reads() + items;
      return new ModeResult(mode, elapsedNanos, tally, used, verified);
    }
  }

  /** Does something with every item, each thread with its own range of them. */
  private void step(String label, String past, IntConsumer action) {
    progress.begin(label);
    long started = System.nanoTime();
    AtomicLong done = new AtomicLong();
    crew.run(
        (thread, step) -> {
          int from = (int) ((long) items * thread / crew.threads());
          int to = (int) ((long) items * (thread + 1) / crew.threads());
          for (int start = from; start < to && !step.isOver(); start += BATCH) {
            int end = Math.min(to, start + BATCH);
            for (int key = start; key < end; key++) {
              action.accept(key);
            }
            done.getAndAdd(end - start);
          }
        },
        () -> (double) done.get() / items);
    progress.done(
        String.format(
            Locale.ROOT,
            "%s %,d items in %.1f s",
            label.replaceFirst(": .*", ": " + past),
            done.get(),
            (System.nanoTime() - started) / NANOS));
  }

  private Workload[] workloads() {
    ZipfSampler zipf = new ZipfSampler(items, settings.skew());
    Workload[] workloads = new Workload[crew.threads()];
    for (int thread = 0; thread < workloads.length; thread++) {
      workloads[thread] = new Workload(settings.seed(), thread, items, zipf);
    }
    return workloads;
  }

  /** Goes on with the workloads for a time. */
  private Tally operate(ItemStore store, Workload[] workloads, double seconds) {
    long started = System.nanoTime();
    long budgetNanos = (long) (seconds * NANOS);
    Tally all = new Tally();
    crew.run(
        (thread, step) -> {
          Tally own = new Tally();
          while (System.nanoTime() - started < budgetNanos && !step.isOver()) {
            operateBatch(store, workloads[thread], own);
          }
          synchronized (all) {
            all.add(own);
          }
        },
        () -> (System.nanoTime() - started) / (double) budgetNanos);
    return all;
  }

  private static void operateBatch(ItemStore store, Workload workload, Tally tally) {
    for (int i = 0; i < BATCH; i++) {
      workload.next();
      long begun = System.nanoTime();
      if (workload.isUpdate()) {
        int itemBytes = store.update(workload.key());
        tally.update(System.nanoTime() - begun, itemBytes);
      } else {
        int itemBytes = store.get(workload.key());
        tally.read(System.nanoTime() - begun, itemBytes);
      }
    }
  }
}
