package io.farheap.transport.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs simulations of many seeds. {@code -Dfarheap.seed=N} runs one again, {@code
 * -Dfarheap.seeds=N} that many.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SessionSimulationTest {
  private static final int SEEDS = 2_000;
  private static final int ENOUGH_FOR_EVERYTHING = 200;

  /** What the simulations are about: a run in which one of these never happens proves little. */
  private static final List<String> MUST_HAPPEN =
      List.of(
          "ConnectionLostException",
          "SlabLostException",
          "TransportTimeoutException",
          "allocation",
          "allocation failed",
          "call",
          "call failed",
          "client killed",
          "client stopped",
          "client unreachable",
          "could not open",
          "cut",
          "damage",
          "full",
          "held connection",
          "lease ended",
          "lease ran out",
          "overtaken connection",
          "partial write",
          "read",
          "release",
          "release failed",
          "reply BAD_FRAME",
          "reply LEASE_LOST",
          "server killed",
          "server stopped",
          "silent connection",
          "write");

  private final SessionSimulation simulation = new SessionSimulation();

  @Test
  void everySeedKeepsEveryPromise() {
    Long seed = Long.getLong("farheap.seed");
    if (seed != null) {
      System.out.println(simulation.apply(seed));
      return;
    }
    Map<String, Integer> events = new TreeMap<>();
    int seeds = Integer.getInteger("farheap.seeds", SEEDS);
    for (long s = 1; s <= seeds; s++) {
      simulation.apply(s).forEach((event, times) -> events.merge(event, times, Integer::sum));
    }
    System.out.println(seeds + " simulations: " + events);
    if (seeds >= ENOUGH_FOR_EVERYTHING) {
      for (String event : MUST_HAPPEN) {
        assertTrue(events.getOrDefault(event, 0) > 0, event + " never happened");
      }
    }
  }

  /** Else a seed that has failed could not be looked at again. */
  @Test
  void aSeedDoesTheSameAgain() {
    for (long seed = 1; seed <= 20; seed++) {
      assertEquals(simulation.apply(seed), simulation.apply(seed), "seed " + seed);
    }
  }
}
