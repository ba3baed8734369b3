package io.farheap.evacuator;

/**
 * A token bucket: so much may be spent on average, and a little more at once.
 *
 * <p>Spending may overdraw it; then nothing is available until the clock has made up for it.
 */
final class Allowance {
  private final double perNano;
  private final double most;
  private double balance;
  private long lastNanos;

  /**
   * A full bucket.
   *
   * @param perSecond what comes in, in any unit
   * @param most what it holds
   * @param nowNanos the clock
   */
  Allowance(double perSecond, double most, long nowNanos) {
    this.perNano = perSecond / 1e9;
    this.most = most;
    this.balance = most;
    this.lastNanos = nowNanos;
  }

  /** Whether something may be spent. */
  boolean available(long nowNanos) {
    balance = Math.min(most, balance + (nowNanos - lastNanos) * perNano);
    lastNanos = nowNanos;
    return balance > 0;
  }

  void spend(double amount) {
    balance -= amount;
  }
}
