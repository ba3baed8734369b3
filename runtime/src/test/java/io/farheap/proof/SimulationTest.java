package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.farheap.broken.SplicedSimulation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Runs simulations of many seeds. {@code -Dfarheap.seed=N} runs one again, {@code
 * -Dfarheap.seeds=N} that many.
 */
final class SimulationTest {
  private static final long FIRST_SEED = 1;
  private static final int SEEDS = 2500;
  private static final int ENOUGH_FOR_EVERYTHING = 500;

  /** What the simulations are about: a run in which one of these never happens proves little. */
  private static final List<String> MUST_HAPPEN =
      List.of(
          "OBJECT_FETCHES",
          "PAGE_FETCHES",
          "PAGES_READ_AHEAD",
          "PAGES_READ_AHEAD_USED",
          "RESCUES",
          "PAGES_KEPT",
          "PAGES_DROPPED_CLEAN",
          "PAGES_RECYCLED",
          "SEGMENTS_RECYCLED",
          "FRAMES_MOVED",
          "HELPED_RELOCATIONS",
          "STALLS",
          "SURVIVORS",
          "PAGES_EVACUATED",
          "OBJECTS_EVACUATED",
          "BYTES_EVACUATED",
          "BYTES_IN_EVACUATION",
          "relocation met a scope",
          "relocation met a write",
          "relocation met a free",
          "relocation met a share",
          "relocation met a pin",
          "relocation met a page-out",
          "relocation met a rescue",
          "relocation met an object fetch",
          "relocation met a helping thread",
          "relocation met another relocation",
          "WRITE_FAILURES",
          "FETCH_FAILURES",
          "interleaved",
          "out of local memory");

  private final LongFunction<Map<String, Integer>> pressed = SplicedSimulation.honest();

  @Test
  void everySeedKeepsEveryPromise() {
    Long seed = Long.getLong("farheap.seed");
    if (seed != null) {
      System.out.println(SimulationPlan.of(seed));
      System.out.println(run(seed));
      return;
    }
    TreeMap<String, Integer> events = new TreeMap<>();
    int seeds = Integer.getInteger("farheap.seeds", SEEDS);
    for (long s = FIRST_SEED; s < FIRST_SEED + seeds; s++) {
      try {
        run(s).forEach((event, times) -> events.merge(event, times, Integer::sum));
      } catch (AssertionError e) {
        fail("repeat with -Dfarheap.seed=" + s + ": " + e.getMessage(), e);
      }
    }
    System.out.println(seeds + " simulations: " + events);
    if (seeds >= ENOUGH_FOR_EVERYTHING) {
      for (String event : MUST_HAPPEN) {
        assertTrue(events.getOrDefault(event, 0) > 0, event + " never happened");
      }
    }
  }

  /** In every other simulation the agents are pressed, and others act amid what they do. */
  private Map<String, Integer> run(long seed) {
    return seed % 2 == 0
        ? pressed.apply(seed)
        : Simulation.run(SimulationPlan.of(seed), Sabotage.NONE);
  }
}
