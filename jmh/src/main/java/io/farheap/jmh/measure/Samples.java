package io.farheap.jmh.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements of several subjects in rounds: each round measures every subject once, one right
 * after the other, so that what the machine does to one it does to all.
 */
public final class Samples {
  private final Map<String, double[]> values = new LinkedHashMap<>();
  private final int rounds;

  /** Room for the measurements of so many rounds. */
  public Samples(int rounds) {
    this.rounds = rounds;
  }

  int rounds() {
    return rounds;
  }

  /** The subjects in the order of a round: every other round goes backwards. */
  public static <T> List<T> order(List<T> subjects, int round) {
    return round % 2 == 0 ? subjects : subjects.reversed();
  }

  /** Keeps what a round measured. */
  public void put(String subject, int round, double value) {
    values.computeIfAbsent(subject, s -> new double[rounds])[round] = value;
  }

  /** Keeps what other rounds measured of a subject, as the rounds from {@code firstRound} on. */
  public void putAll(String subject, int firstRound, Samples others) {
    double[] measured = others.values(subject);
    for (int round = 0; round < measured.length; round++) {
      put(subject, firstRound + round, measured[round]);
    }
  }

  /** What a round measured. */
  public double at(String subject, int round) {
    return values(subject)[round];
  }

  /** Median over the rounds. */
  public double median(String subject) {
    return median(values(subject));
  }

  /** Median over the rounds of the quotient of two subjects within one round. */
  public double medianRatio(String subject, String baseline) {
    double[] ratios = values(subject).clone();
    double[] divisors = values(baseline);
    for (int round = 0; round < rounds; round++) {
      ratios[round] /= divisors[round];
    }
    return median(ratios);
  }

  private double[] values(String subject) {
    double[] known = values.get(subject);
    if (known == null) {
      throw new IllegalArgumentException(
          "nothing was measured of " + subject + "; measured were " + values.keySet());
    }
    return known;
  }

  /** The value in the middle; of an even number of values, between the two in the middle. */
  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
