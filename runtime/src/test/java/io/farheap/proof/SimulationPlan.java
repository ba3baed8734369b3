package io.farheap.proof;

import io.farheap.options.Mode;
import io.farheap.testing.faulty.FaultPlan;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All that a simulation is, as it follows from its seed.
 *
 * @param seed the seed
 * @param mode which paths misses take
 * @param faults what the transport does wrong
 * @param latencyNanos injected latency of far memory
 * @param frames frames that are left beside the ballast
 * @param slabs slabs of far memory
 * @param threads simulated application threads
 * @param actions how many actions they do together
 * @param objects how many objects they keep alive
 * @param maxPages largest object in pages
 * @param longScopes whether scopes may dereference more than their log holds
 * @param shortScopes whether scopes end after a few actions, so that grace periods do not last
 */
public record SimulationPlan(
    long seed,
    Mode mode,
    FaultPlan faults,
    long latencyNanos,
    int frames,
    int slabs,
    int threads,
    int actions,
    int objects,
    int maxPages,
    boolean longScopes,
    boolean shortScopes) {

  private static final List<Mode> MODES = List.of(Mode.values());
  private static final int LEAST_FRAMES = 64;
  private static final int MOST_FRAMES = 160;

  /** The plan of a seed. */
  public static SimulationPlan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int frames =
        random.nextInt(3) == 0 ? LEAST_FRAMES : random.nextInt(LEAST_FRAMES, MOST_FRAMES + 1);
    return new SimulationPlan(
        seed,
        MODES.get(random.nextInt(MODES.size())),
        faults(random),
        random.nextInt(3) == 0 ? 0 : random.nextLong(200_000),
        frames,
        random.nextInt(8, 24),
        random.nextInt(1, 5),
        random.nextInt(200, 600),
        random.nextInt(2 * frames, 5 * frames),
        random.nextInt(3) == 0 ? 1 : random.nextInt(2, frames / 4),
        random.nextInt(8) == 0,
        random.nextBoolean());
  }

  private static FaultPlan faults(SplittableRandom random) {
    FaultPlan plan = FaultPlan.none(random.nextLong());
    return switch (random.nextInt(4)) {
      case 0 -> plan;
      case 1 -> plan.withDelay(0.3, 4, 100_000).withReorder(0.3);
      case 2 -> plan.withFail(0.1).withReorder(0.2).withDelay(0.1, 4, 0);
      default -> plan.withFail(0.05).withDrop(0.05).withReorder(0.2).withDelay(0.2, 8, 50_000);
    };
  }

  /** Whether requests to far memory may fail. */
  boolean mayFail() {
    return faults.fail() + faults.drop() > 0;
  }
}
