package io.farheap.jmh.measure;

import io.farheap.options.HeapOptions;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a benchmark is told about the run that it is in, and what it tells back. */
public final class BenchmarkContext {
  /** How large to run. */
  public enum Effort {
    /** As the figures are meant; may take minutes. */
    FULL,
    /** Within 60 seconds; {@code paths} takes 100, {@code memcached} 120. */
    QUICK,
    /** Within seconds, to see that it works; the figures mean nothing. */
    SMOKE
  }

  private final Effort effort;
  private final PrintStream progress;
  private final Map<String, Object> notes = new LinkedHashMap<>();
  private final Map<String, Object> heaps = new LinkedHashMap<>();

  /**
   * Makes a context.
   *
   * @param effort how large to run
   * @param progress where lines on progress go
   */
  public BenchmarkContext(Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    note("effort", effort.name());
    note("quick", effort != Effort.FULL);
  }

  Effort effort() {
    return effort;
  }

  /** Picks the value that goes with the effort. */
  public <T> T choose(T full, T quick, T smoke) {
    return switch (effort) {
      case FULL -> full;
      case QUICK -> quick;
      case SMOKE -> smoke;
    };
  }

  /** Says what is going on. */
  public void progress(String line) {
    progress.println("  " + line);
    progress.flush();
  }

  /** Puts a fact about the run into the report: a string, number or truth value. */
  public void note(String key, Object value) {
    notes.put(key, value);
  }

  /** Puts the options of a heap into the report. */
  public void noteHeap(String name, HeapOptions options) {
    heaps.put(name, options.describe().lines().toList());
  }

  /** Machine, heaps and notes, for the report. */
  public Map<String, Object> environment() {
    Map<String, Object> environment = new LinkedHashMap<>(Machine.describe());
    environment.putAll(notes);
    environment.put("heapOptions", new LinkedHashMap<>(heaps));
    return environment;
  }
}
