package io.farheap.broken;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.farheap.proof.Simulation;
import io.farheap.proof.SimulationFailure;
import io.farheap.proof.SimulationPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaves one rule of the protocol out at a time, and shows that the simulation's checks see it. */
final class BrokenRulesTest {
  private static final int SEEDS = 200;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenRuleIsSeen(Rule rule) {
    SimulationFailure seen = null;
    long seed = 0;
    while (seen == null && seed < SEEDS) {
      seed++;
      seen = failure(rule, seed);
    }
    assertNotNull(seen, rule + " was broken in " + SEEDS + " simulations and nothing failed");
    System.out.println(rule + " seen with seed " + seed + ": " + reason(seen));
  }

  @Test
  void withoutABrokenRuleNothingFails() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.run(SimulationPlan.of(seed), RuleBreaker.honest());
    }
  }

  private static SimulationFailure failure(Rule rule, long seed) {
    try {
      Simulation.run(SimulationPlan.of(seed), new RuleBreaker(rule));
      return null;
    } catch (SimulationFailure e) {
      return e;
    }
  }

  private static String reason(SimulationFailure failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : cause.toString();
  }
}
