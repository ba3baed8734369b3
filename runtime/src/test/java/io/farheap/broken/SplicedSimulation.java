package io.farheap.broken;

import io.farheap.proof.Simulation;
import io.farheap.proof.SimulationFailure;
import io.farheap.proof.SimulationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Simulations over spliced classes: for a seed it answers how often what happened. Each instance
 * has classes of its own; only types of the JDK go in and out, and a failure is an {@link
 * AssertionError}.
 */
public final class SplicedSimulation implements LongFunction<Map<String, Integer>> {
  private final Rule broken;

  /** For {@link #of}, which makes it of the spliced classes. */
  public SplicedSimulation(String rule) {
    this.broken = Rule.valueOf(rule);
  }

  /** Simulations in which the agents that ship are pressed, and others act amid what they do. */
  public static LongFunction<Map<String, Integer>> honest() {
    return of(Rule.NONE);
  }

  /** As {@link #honest}, with a rule left out. */
  @SuppressWarnings("unchecked") // the class is this one, once more
  static LongFunction<Map<String, Integer>> of(Rule broken) {
    List<Splice> splices = new ArrayList<>(broken.splices()); // the first about a call counts
    splices.addAll(Meetings.SPLICES);
    splices.addAll(Interleaving.SPLICES);
    splices.addAll(Pressure.SPLICES);
    try {
      return (LongFunction<Map<String, Integer>>)
          new BrokenClasses(splices)
              .loadClass(SplicedSimulation.class.getName())
              .getDeclaredConstructor(String.class)
              .newInstance(broken.name());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the spliced classes do not fit together", e);
    }
  }

  /**
   * Runs the simulation of a seed.
   *
   * @throws LinkageError if the splices are at fault, which shows nothing
   */
  @Override
  public Map<String, Integer> apply(long seed) {
    try {
      return Simulation.run(SimulationPlan.of(seed), new RuleBreaker(broken));
    } catch (SimulationFailure e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof LinkageError) {
          throw new LinkageError("the spliced classes do not fit together", e);
        }
      }
      throw e;
    }
  }
}
