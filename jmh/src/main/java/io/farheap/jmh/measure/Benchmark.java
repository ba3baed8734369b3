package io.farheap.jmh.measure;

import java.util.List;

/**
 * A benchmark that can be run by its name: it measures what it claims beside a baseline,
 * interleaved in one run, and answers ratios.
 */
public interface Benchmark {
  /** The word that selects it on the command line, such as {@code hot-deref}. */
  String name();

  /** One line that says what is compared with what. */
  String description();

  /**
   * Measures.
   *
   * @param context how large to run, and where notes and progress go
   * @return the figures, those that are judged first
   * @throws IllegalStateException if what was to be measured did not happen, such as a miss in a
   *     benchmark of hits
   */
  List<Metric> run(BenchmarkContext context);
}
