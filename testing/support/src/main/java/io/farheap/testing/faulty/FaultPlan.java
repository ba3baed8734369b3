package io.farheap.testing.faulty;

import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.Settings;
import java.util.Set;

/**
 * How often a {@link FaultyMemory} misbehaves. Each transfer meets at most one of the four faults,
 * so their probabilities add up to at most 1.
 *
 * @param seed what all choices follow from
 * @param delay probability that a transfer completes only after some more polls
 * @param reorder probability that a transfer is held and carried out in random order with others in
 *     flight
 * @param fail probability that a transfer fails; it may have been carried out, and what a read that
 *     fails leaves behind is partly what it should be
 * @param drop probability that a transfer never completes until it is fenced; it may be carried out
 *     at any time before
 * @param full probability that an allocation of a slab finds the far memory full
 * @param delayPolls most polls by which a delayed transfer is late, at least 1
 * @param delayNanos most nanoseconds by which a delayed transfer is late besides
 */
public record FaultPlan(
    long seed,
    double delay,
    double reorder,
    double fail,
    double drop,
    double full,
    int delayPolls,
    long delayNanos) {

  private static final int DEFAULT_DELAY_POLLS = 8;
  private static final int MAX_DELAY_POLLS = 1_000_000;
  private static final long MAX_DELAY_NANOS = 60_000_000_000L;
  private static final Set<String> KEYS =
      Set.of("seed", "delay", "reorder", "fail", "drop", "full", "delayPolls", "delayTime");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public FaultPlan {
    requireProbability("delay", delay);
    requireProbability("reorder", reorder);
    requireProbability("fail", fail);
    requireProbability("drop", drop);
    requireProbability("full", full);
    if (delay + reorder + fail + drop > 1) {
      throw new IllegalArgumentException(
          "delay="
              + delay
              + ", reorder="
              + reorder
              + ", fail="
              + fail
              + ", drop="
              + drop
              + ": choose values that add up to at most 1");
    }
    if (delayPolls < 1 || delayPolls > MAX_DELAY_POLLS) {
      throw new IllegalArgumentException(
          "delayPolls=" + delayPolls + ": choose 1 to " + MAX_DELAY_POLLS);
    }
    if (delayNanos < 0 || delayNanos > MAX_DELAY_NANOS) {
      throw new IllegalArgumentException(
          "delayNanos=" + delayNanos + ": choose 0 to " + MAX_DELAY_NANOS);
    }
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + "=" + value + ": choose 0 to 1");
    }
  }

  /**
   * No faults at all.
   *
   * @param seed what all choices follow from
   * @return a plan, to be refined
   */
  public static FaultPlan none(long seed) {
    return new FaultPlan(seed, 0, 0, 0, 0, 0, DEFAULT_DELAY_POLLS, 0);
  }

  /**
   * Reads a locator such as {@code faulty:seed=42&drop=0.01:embedded:}.
   *
   * @param locator the locator; its settings are {@code seed}, {@code delay}, {@code reorder},
   *     {@code fail}, {@code drop}, {@code full}, {@code delayPolls} and {@code delayTime}
   * @return the plan
   * @throws LocatorException if the locator has another setting or a value out of range
   */
  public static FaultPlan of(Locator locator) {
    Settings settings = locator.settings();
    settings.requireOnly(KEYS);
    try {
      return new FaultPlan(
          settings.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
          settings.real("delay", 0, 1),
          settings.real("reorder", 0, 1),
          settings.real("fail", 0, 1),
          settings.real("drop", 0, 1),
          settings.real("full", 0, 1),
          (int) settings.integer("delayPolls", DEFAULT_DELAY_POLLS, 1, MAX_DELAY_POLLS),
          settings.nanos("delayTime", 0, MAX_DELAY_NANOS));
    } catch (IllegalArgumentException e) {
      throw new LocatorException(locator + ": " + e.getMessage());
    }
  }

  /**
   * This plan with delays.
   *
   * @param probability how often
   * @param polls most polls by which a transfer is late
   * @param nanos most nanoseconds by which it is late besides
   * @return a copy
   */
  public FaultPlan withDelay(double probability, int polls, long nanos) {
    return new FaultPlan(seed, probability, reorder, fail, drop, full, polls, nanos);
  }

  /**
   * This plan with reordering.
   *
   * @param probability how often
   * @return a copy
   */
  public FaultPlan withReorder(double probability) {
    return new FaultPlan(seed, delay, probability, fail, drop, full, delayPolls, delayNanos);
  }

  /**
   * This plan with failures.
   *
   * @param probability how often
   * @return a copy
   */
  public FaultPlan withFail(double probability) {
    return new FaultPlan(seed, delay, reorder, probability, drop, full, delayPolls, delayNanos);
  }

  /**
   * This plan with drops.
   *
   * @param probability how often
   * @return a copy
   */
  public FaultPlan withDrop(double probability) {
    return new FaultPlan(seed, delay, reorder, fail, probability, full, delayPolls, delayNanos);
  }

  /**
   * This plan with failing allocations.
   *
   * @param probability how often
   * @return a copy
   */
  public FaultPlan withFull(double probability) {
    return new FaultPlan(seed, delay, reorder, fail, drop, probability, delayPolls, delayNanos);
  }
}
