package io.farheap.base.agent;

/**
 * Background work that goes forward in small steps, so that a thread of its own, a thread that
 * waits for its result, or a test can drive it.
 */
@FunctionalInterface
public interface Agent {
  /**
   * Does one bounded step; never blocks.
   *
   * @return amount of work done; 0 means that there is nothing to do, or only waiting
   */
  int doWork();
}
