package io.farheap.jmh.measure;

/**
 * One figure of a benchmark.
 *
 * @param name what was measured, in words joined by dots: {@code scoped.l2.ratio}
 * @param value the figure, finite
 * @param unit its unit; {@code ratio} for quotients, which alone are judged
 * @param better which direction is an improvement
 */
public record Metric(String name, double value, String unit, Better better) {
  /** Unit of quotients. */
  public static final String RATIO = "ratio";

  public Metric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "metric " + name + " is " + value + ": the run measured nothing; run it for longer");
    }
  }

  /** Which direction of a figure is an improvement. */
  public enum Better {
    /** Less of it. */
    LOWER("lower"),
    /** More of it. */
    HIGHER("higher");

    private final String word;

    Better(String word) {
      this.word = word;
    }

    /** The word in reports. */
    String word() {
      return word;
    }
  }

  /** A figure of which less is better. */
  public static Metric lower(String name, double value, String unit) {
    return new Metric(name, value, unit, Better.LOWER);
  }

  /** A figure of which more is better. */
  public static Metric higher(String name, double value, String unit) {
    return new Metric(name, value, unit, Better.HIGHER);
  }
}
