package io.farheap.proof;

import io.farheap.TestHeap;
import io.farheap.base.agent.Agent;
import io.farheap.transport.FarMemory;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Takes part in a simulation: adds agents, and may break a rule to show that the checks see it. For
 * one simulation.
 */
public interface Sabotage {
  /** Breaks nothing. */
  Sabotage NONE = new Sabotage() {};

  /** Comes between the heap and far memory. */
  default FarMemory farMemory(FarMemory honest) {
    return honest;
  }

  /** What is stepped as the heap's agents. */
  default Agent agents(
      TestHeap heap, FarMemory farMemory, SimulationPlan plan, SplittableRandom random) {
    return heap::step;
  }

  /** Whether the agents shall only end what they began. */
  default void rest(boolean on) {}

  /** What the additional agents did, and how often. */
  default Map<String, Integer> events() {
    return Map.of();
  }

  /** Called after an object was freed by its last owner. */
  default void freed(TestHeap heap, long handle) {}
}
