package io.farheap.broken;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Leaves one rule of the protocol out of the classes that ship at a time, and shows that the
 * simulation's checks see it.
 */
final class BrokenRulesTest {
  private static final int SEEDS = 200;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenRuleIsSeen(Rule rule) {
    LongFunction<?> simulation = SplicedSimulation.of(rule);
    AssertionError seen = null;
    long seed = 0;
    while (seen == null && seed < SEEDS) {
      seed++;
      seen = failure(simulation, seed);
    }
    assertNotNull(seen, rule + " was broken in " + SEEDS + " simulations and nothing failed");
    System.out.println(rule + " seen with seed " + seed + ": " + reason(seen));
  }

  @Test
  void withoutABrokenRuleNothingFails() {
    LongFunction<?> simulation = SplicedSimulation.honest();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Object _ = simulation.apply(seed);
    }
  }

  @Test
  void aSpliceThatIsAboutNoCallIsRefused() {
    List<Splice> old = List.of(Splice.answer("evacuator.Evictor", "Grace.over", "Breaks.yes"));
    assertThrows(IllegalArgumentException.class, () -> new BrokenClasses(old));
  }

  private static AssertionError failure(LongFunction<?> simulation, long seed) {
    try {
      Object _ = simulation.apply(seed);
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  private static String reason(AssertionError failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : cause.toString();
  }
}
