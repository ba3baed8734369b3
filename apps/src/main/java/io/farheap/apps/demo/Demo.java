package io.farheap.apps.demo;

import io.farheap.base.text.ByteSize;
import io.farheap.options.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs the same workload in several modes and compares them. */
public final class Demo {
  /** The rehearsal's sizes and time: enough for the JIT to have seen every mode. */
  private static final long REHEARSAL_LOCAL_BYTES = 8L << 20;

  private static final long REHEARSAL_DATA_BYTES = 32L << 20;
  private static final double REHEARSAL_SECONDS = 0.5;

  private final DemoSettings settings;
  private final PrintWriter out;
  private final ProgressBar progress;

  /**
   * Prepares a demo.
   *
   * @param settings what to run
   * @param out where progress and table go
   * @param terminal whether a line can be rewritten there
   */
  public Demo(DemoSettings settings, PrintWriter out, boolean terminal) {
    this.settings = settings;
    this.out = out;
    this.progress = new ProgressBar(out, terminal);
  }

  /**
   * Runs all modes and prints the table. That it returns means that every value was right.
   *
   * @throws CorruptItemException if a value was not
   */
  public void run() {
    out.printf(
        Locale.ROOT,
        "%s of items with values of %d to %d bytes on a local budget of %s.%n",
        ByteSize.text(settings.dataBytes()),
        ItemSizes.MIN_VALUE_BYTES,
        ItemSizes.MAX_VALUE_BYTES,
        ByteSize.text(settings.localBytes()));
    out.printf(
        Locale.ROOT,
        "%d threads, %.0f %% updates, zipf %.2f, a hot set that changes, seed %d.%n",
        settings.threads(),
        100 * Workload.UPDATE_SHARE,
        settings.skew(),
        settings.seed());
    out.println(
        settings
            .server()
            .map(server -> "Far memory is on the memory server " + server + ".")
            .orElseGet(() -> "Far memory is in this process, " + latencyInWords() + "."));
    out.println();
    out.flush();
    List<ModeResult> results;
    try {
      rehearse();
      results = modes();
    } catch (RuntimeException | Error e) {
      progress.abandon();
      throw e;
    }
    out.println();
    out.print(Report.table(results));
    out.println(Report.NOTE);
    out.println();
    out.println(Report.sentence(results));
    out.println("Every value of every item was verified in each mode: none was lost or wrong.");
    out.flush();
  }

  private String latencyInWords() {
    return settings.isDelayed()
        ? "with an injected latency of "
            + settings.latency()
            + " and a link of 64 Gbit/s, as of a fast network"
        : "without any injected latency";
  }

  private List<ModeResult> modes() {
    ModeRun run = new ModeRun(settings, progress, (heap, store) -> {});
    List<ModeResult> results = new ArrayList<>();
    for (Mode mode : settings.modes()) {
      results.add(run.run(mode));
    }
    return results;
  }

  /** Otherwise the first mode would pay for compiling what the others use. */
  private void rehearse() {
    DemoSettings small =
        settings.scaled(
            Math.min(REHEARSAL_LOCAL_BYTES, settings.localBytes()),
            Math.min(REHEARSAL_DATA_BYTES, settings.dataBytes()),
            Math.min(REHEARSAL_SECONDS, settings.seconds()));
    long started = System.nanoTime();
    progress.begin("rehearsal on a small heap");
    ProgressBar silent = new ProgressBar(new PrintWriter(new StringWriter()), false);
    ModeRun run = new ModeRun(small, silent, (heap, store) -> {});
    List<Mode> modes = settings.modes();
    for (int i = 0; i < modes.size(); i++) {
      progress.show((double) i / modes.size());
      run.run(modes.get(i));
    }
    progress.done(
        String.format(
            Locale.ROOT,
            "rehearsed on %s to compile the code, in %.1f s",
            ByteSize.text(small.dataBytes()),
            (System.nanoTime() - started) / 1e9));
  }
}
