package io.farheap.jmh.measure;

import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.Profiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one JMH method in this JVM.
 *
 * <p>Without a fork: baseline and subject read the same bytes in turns, and a fork would have a
 * memory of its own. The JVM is the command line's, which has done nothing else.
 */
public final class JmhRun {
  /** JMH takes a lock that is shared by all users of a machine unless it is told not to. */
  private static final String IGNORE_LOCK = "jmh.ignoreLock";

  private final RunResult result;

  private JmhRun(RunResult result) {
    this.result = result;
  }

  /**
   * Runs a method.
   *
   * @param type the class
   * @param method name of its method
   * @param params values of its parameters
   * @param iterations how many, each reported in the mean
   * @param iterationMillis duration of one; 0 to call a single-shot method once
   * @param profiler what to observe besides, or null
   * @throws IllegalStateException if JMH can't run it, or it throws
   */
  public static JmhRun of(
      Class<?> type,
      String method,
      Map<String, String> params,
      int iterations,
      int iterationMillis,
      Class<? extends Profiler> profiler) {
    System.setProperty(IGNORE_LOCK, "true");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(type.getName() + "." + method) + "$")
            .forks(0)
            .threads(1)
            .warmupIterations(0)
            .measurementIterations(iterations)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (iterationMillis > 0) {
      options.measurementTime(TimeValue.milliseconds(iterationMillis));
    }
    if (profiler != null) {
      options.addProfiler(profiler);
    }
    params.forEach(options::param);
    try {
      return new JmhRun(new Runner(options.build()).runSingle());
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH could not run " + method + ": " + e.getMessage(), e);
    }
  }

  /** Nanoseconds for one operation. */
  public double score() {
    return result.getPrimaryResult().getScore();
  }

  /**
   * What the profiler found.
   *
   * @param label name of the figure
   */
  public double secondary(String label) {
    Result<?> secondary = result.getSecondaryResults().get(label);
    if (secondary == null) {
      throw new IllegalStateException(
          "JMH reported no " + label + ", only " + result.getSecondaryResults().keySet());
    }
    return secondary.getScore();
  }
}
