package io.farheap.internal;

import java.util.function.LongSupplier;

/**
 * What a heap takes from outside and a test brings itself: time, and whether agents have threads.
 * No part of the public API: neither file nor environment can set these.
 *
 * @param nanoClock the clock, as {@link System#nanoTime()}
 * @param startAgents whether agents get threads; otherwise the test steps them
 */
public record HeapHooks(LongSupplier nanoClock, boolean startAgents) {
  /**
   * The hooks of a heap in production: the system's clock, agents with threads.
   *
   * @return such hooks
   */
  public static HeapHooks standard() {
    return new HeapHooks(System::nanoTime, true);
  }
}
