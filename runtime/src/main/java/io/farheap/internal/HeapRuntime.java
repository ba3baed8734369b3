package io.farheap.internal;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.HeapMemory;
import io.farheap.base.agent.AgentRunner;
import io.farheap.base.agent.Backoff;
import io.farheap.base.text.ByteSize;
import io.farheap.error.ConfigurationException;
import io.farheap.error.FarAccessException;
import io.farheap.error.ScopeException;
import io.farheap.internal.miss.Readahead;
import io.farheap.internal.scope.LeakWatch;
import io.farheap.internal.scope.PinRegistry;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.options.HeapOptions;
import io.farheap.stats.HeapStats;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One heap, from its opening to its end. What it is made of, {@link HeapAssembly} puts together.
 */
public final class HeapRuntime {
  private final HeapOptions options;
  private final LongSupplier clock;
  private final FarMemory farMemory;
  private final HeapMemory memory;
  private final Scopes scopes;
  private final AgentRunner background;
  private final StatisticsRegistry statistics;
  private final PinRegistry pins;
  private final LeakWatch leakWatch;
  private final Readahead readahead;
  private final HeapCore core;
  private boolean decommitted;

  private HeapRuntime(
      HeapOptions options, HeapHooks hooks, FarMemory farMemory, HeapAssembly parts) {
    this.options = options;
    this.clock = hooks.nanoClock();
    this.farMemory = farMemory;
    this.memory = parts.memory;
    this.scopes = parts.scopes;
    this.background = parts.background;
    this.statistics = parts.statistics;
    this.pins = parts.pins;
    this.leakWatch = parts.leakWatch;
    this.readahead = parts.readahead;
    this.core = parts.core;
  }

  /**
   * Puts a heap together.
   *
   * @throws ConfigurationException if the options do not go together
   * @throws FarAccessException if far memory cannot be reached
   */
  public static HeapRuntime open(HeapOptions options, HeapHooks hooks) {
    HeapGeometry geometry = HeapSizes.geometry(options);
    FarMemory farMemory;
    try {
      farMemory =
          Transports.open(
              options.farLocator(),
              new TransportOptions(geometry.farBytes(), geometry.slabBytes(), hooks.nanoClock()));
    } catch (TransportException e) {
      throw new FarAccessException(
          "far memory at " + options.farLocator() + " cannot be reached: " + e.getMessage(),
          true,
          e);
    }
    return open(options, hooks, farMemory);
  }

  /**
   * Puts a heap together over far memory that the caller brings.
   *
   * @param farMemory the heap's from here on, even if this throws; has the options' slab size
   * @throws ConfigurationException if the options do not go together
   */
  public static HeapRuntime open(HeapOptions options, HeapHooks hooks, FarMemory farMemory) {
    try {
      requireSlabSize(options, farMemory);
      HeapAssembly parts = new HeapAssembly(options, hooks, farMemory);
      parts.background.start();
      return new HeapRuntime(options, hooks, farMemory, parts);
    } catch (RuntimeException | Error e) {
      farMemory.close();
      throw e;
    }
  }

  private static void requireSlabSize(HeapOptions options, FarMemory farMemory) {
    if (farMemory.slabBytes() != options.slabSizeBytes()) {
      throw new ConfigurationException(
          "slab-size",
          ByteSize.format(options.slabSizeBytes()),
          ByteSize.format(farMemory.slabBytes()) + ", which is the memory server's",
          "the heap that is being opened");
    }
  }

  /** The fast paths. */
  public HeapCore core() {
    return core;
  }

  /** Watches for pointers that are forgotten. */
  public LeakWatch leakWatch() {
    return leakWatch;
  }

  /** The pins that are held. */
  public PinRegistry pins() {
    return pins;
  }

  /** The options in force. */
  public HeapOptions options() {
    return options;
  }

  /** The structures, for tests that recount them. */
  public HeapMemory memory() {
    return memory;
  }

  /** Does one step of the agents, for tests that have no agent thread. */
  public int step() {
    return background.step();
  }

  /** A snapshot of the statistics. */
  public HeapStats stats() {
    return statistics.snapshot();
  }

  /** Takes the heap down; see {@link io.farheap.FarHeap#close()}. */
  public synchronized void close() {
    if (decommitted) {
      return;
    }
    if (scopes.holdsOne()) {
      throw new ScopeException("this thread has a scope open; close it before the heap");
    }
    scopes.close();
    background.close();
    awaitUsers();
    leakWatch.close();
    readahead.close();
    farMemory.close();
    memory.decommit();
    decommitted = true;
  }

  /**
   * Waits until every scope that was entered before the heap was closed has ended: parked ones too,
   * because what they pinned is unpinned at their end.
   */
  private void awaitUsers() {
    long deadline = clock.getAsLong() + options.frameWaitTimeoutNanos();
    VarHandle.fullFence(); // the closed mark goes before the looks at the slots
    Epochs epochs = memory.epochs();
    Backoff backoff = new Backoff();
    int slot = 0;
    while (slot < epochs.window() || pins.count() > 0) {
      if (slot < epochs.window() && epochs.slotWord(slot) == 0) {
        slot++;
        continue;
      }
      if (clock.getAsLong() - deadline >= 0) {
        List<String> holders = new ArrayList<>(scopes.describeOpen());
        holders.addAll(pins.describe());
        throw new ScopeException(
            "the heap is closed, but its memory is still in use; end this and close it again: "
                + String.join("; ", holders));
      }
      backoff.pause();
    }
  }
}
