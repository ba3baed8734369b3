package io.farheap.internal;

import io.farheap.HeapOptions;
import io.farheap.HeapOptionsBuilder;
import java.util.function.LongSupplier;

/**
 * What a heap takes from outside and a test brings itself: time, and whether agents have threads.
 * No part of the public API: neither file nor environment can set these.
 *
 * @param nanoClock the clock, as {@link System#nanoTime()}
 * @param startAgents whether agents get threads; otherwise the test steps them
 */
public record HeapHooks(LongSupplier nanoClock, boolean startAgents) {
  /** The way into the options, which their builder sets before any exist. */
  private static volatile Access access;

  /** The way into the package-private part of the options. */
  public interface Access {
    /**
     * Reads the hooks of some options.
     *
     * @param options the options
     * @return their hooks
     */
    HeapHooks get(HeapOptions options);

    /**
     * Sets the hooks of options to be.
     *
     * @param builder their builder
     * @param hooks the hooks
     */
    void set(HeapOptionsBuilder builder, HeapHooks hooks);
  }

  /**
   * The hooks of a heap in production: the system's clock, agents with threads.
   *
   * @return such hooks
   */
  public static HeapHooks standard() {
    return new HeapHooks(System::nanoTime, true);
  }

  /**
   * Sets the way into the options. Only {@link HeapOptionsBuilder} calls this.
   *
   * @param newAccess the way
   */
  public static void install(Access newAccess) {
    access = newAccess;
  }

  /**
   * The hooks of some options.
   *
   * @param options the options
   * @return their hooks, which are the standard ones if nobody set others
   */
  public static HeapHooks of(HeapOptions options) {
    return access.get(options);
  }

  /**
   * Gives these hooks to options to be.
   *
   * @param builder their builder
   * @return the builder
   */
  public HeapOptionsBuilder applyTo(HeapOptionsBuilder builder) {
    access.set(builder, this);
    return builder;
  }
}
