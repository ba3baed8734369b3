package io.farheap.proof;

import io.farheap.TestHeap;
import io.farheap.base.agent.Agent;
import io.farheap.transport.FarMemory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Takes part in a simulation: lets more happen, and may break a rule to show that the checks see
 * it. For one simulation.
 */
public interface Sabotage {
  /** Breaks nothing. */
  Sabotage NONE = new Sabotage() {};

  /** Comes between the heap and far memory. */
  default FarMemory farMemory(FarMemory honest) {
    return honest;
  }

  /** What is stepped as the heap's agents. */
  default Agent agents(TestHeap heap, SimulationPlan plan, SplittableRandom random) {
    return heap::step;
  }

  /**
   * Says who else may act in the middle of what the heap does.
   *
   * @param whoElse lets them act, if they can without waiting for an agent; takes the record of the
   *     object that is to be met
   */
  default void others(LongConsumer whoElse) {}

  /** Whether the heap is to come to rest: from then on nothing happens without a reason. */
  default void rest(boolean on) {}

  /** What was met, and how often. */
  default Map<String, Integer> events() {
    return Map.of();
  }
}
