package io.farheap.apps.random;

import java.util.function.DoubleSupplier;

/**
 * Draws ranks from a Zipf distribution: rank r with a probability in proportion to r^-skew.
 * Rejection-inversion as in Hörmann and Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", 1996: exact, without tables. Immutable.
 */
public final class ZipfSampler {
  private static final double SMALL = 1e-8;

  private final long ranks;
  private final double skew;
  private final double integralOfFirst;
  private final double integralOfLast;
  private final double acceptedDistance;

  /**
   * Makes a sampler.
   *
   * @param ranks how many, at least 1
   * @param skew the exponent, 0 or more; 0 draws uniformly
   * @throws IllegalArgumentException if either is out of range
   */
  public ZipfSampler(long ranks, double skew) {
    if (ranks < 1 || !(skew >= 0 && skew <= 10)) {
      throw new IllegalArgumentException(
          "ranks=" + ranks + ", skew=" + skew + ": choose at least 1 rank and a skew of 0 to 10");
    }
    this.ranks = ranks;
    this.skew = skew;
    this.integralOfFirst = integral(1.5) - 1;
    this.integralOfLast = integral(ranks + 0.5);
    this.acceptedDistance = 2 - inverse(integral(2.5) - density(2));
  }

  /**
   * Draws a rank.
   *
   * @param uniform numbers from 0 inclusive to 1 exclusive
   * @return 1 to the number of ranks
   */
  public long next(DoubleSupplier uniform) {
    while (true) {
      double area = integralOfLast + uniform.getAsDouble() * (integralOfFirst - integralOfLast);
      double x = inverse(area);
      long rank = Math.clamp(Math.round(x), 1, ranks);
      if (rank - x <= acceptedDistance || area >= integral(rank + 0.5) - density((double) rank)) {
        return rank;
      }
    }
  }

  private double density(double x) {
    return Math.exp(-skew * Math.log(x));
  }

  /** (x^(1-skew) - 1) / (1-skew), and log(x) where skew is 1. */
  private double integral(double x) {
    double log = Math.log(x);
    double t = (1 - skew) * log;
    return log * (Math.abs(t) > SMALL ? Math.expm1(t) / t : 1 + t / 2);
  }

  private double inverse(double area) {
    double t = Math.max(-1, area * (1 - skew));
    return Math.exp(area * (Math.abs(t) > SMALL ? Math.log1p(t) / t : 1 - t / 2));
  }
}
