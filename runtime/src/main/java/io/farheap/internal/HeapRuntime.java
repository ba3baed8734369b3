package io.farheap.internal;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.agent.AgentRunner;
import io.farheap.base.agent.Backoff;
import io.farheap.base.text.ByteSize;
import io.farheap.error.ConfigurationException;
import io.farheap.error.FarAccessException;
import io.farheap.error.ScopeException;
import io.farheap.evacuator.CleaningPolicy;
import io.farheap.evacuator.Evacuator;
import io.farheap.evacuator.EvacuatorSettings;
import io.farheap.evacuator.EvictionSettings;
import io.farheap.evacuator.Evictor;
import io.farheap.evacuator.HybridPolicy;
import io.farheap.evacuator.PathPolicy;
import io.farheap.evacuator.Recycler;
import io.farheap.evacuator.Watermarks;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One heap put together: its structures, its agents, its far memory; and taken down again. */
public final class HeapRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(HeapRuntime.class);

  /** Least number of frames that a heap works with. */
  private static final int MIN_FRAMES = 64;

  /** How long the agents' thread sleeps while one of them waits for something that comes soon. */
  private static final long BUSY_SLEEP_NANOS = 20_000;

  /** How long it sleeps otherwise; who wants something wakes it. */
  private static final long IDLE_SLEEP_NANOS = 10_000_000;

  /** Share of local memory that one object may take. */
  private static final int MAX_OBJECT_SHARE = 4;

  private final HeapOptions options;
  private final LongSupplier clock;
  private final FarMemory farMemory;
  private final HeapMemory memory;
  private final Scopes scopes;
  private final AgentRunner background;
  private final StatisticsRegistry statistics;
  private final PinRegistry pins = new PinRegistry();
  private final LeakWatch leakWatch;
  private final Readahead readahead;
  private final HeapCore core;
  private boolean decommitted;

  private HeapRuntime(HeapOptions options, HeapHooks hooks, FarMemory farMemory) {
    this.options = options;
    this.farMemory = farMemory;
    this.clock = hooks.nanoClock();
    this.statistics = new StatisticsRegistry(clock);
    HeapGeometry geometry = geometry(options);
    SlabMap slabMap =
        new SlabMap(
            farMemory,
            geometry.slabBytes(),
            Math.toIntExact(geometry.farBytes() / geometry.slabBytes()));
    this.memory = new HeapMemory(geometry, slabMap);
    if (options.hugePages() && !memory.pool().hugePages()) {
      LOG.warn(
          "the system gives no huge pages to local memory, so a hit costs about half as much again;"
              + " set /sys/kernel/mm/transparent_hugepage/enabled to madvise");
    }
    farMemory.registerLocal(memory.poolSegment());
    this.scopes = new Scopes(memory);
    this.leakWatch = new LeakWatch(options.strictLeaks(), statistics);
    ReclaimStatistics listener =
        new ReclaimStatistics(statistics, scopes, options.scopeWarningNanos());
    Watermarks watermarks = watermarks(options, geometry);
    PageWaiters pageWaiters = new PageWaiters(memory.pageTable(), clock, this::step);
    TransportPages farPages =
        new TransportPages(farMemory, slabMap, pageWaiters::wake, options.transportTimeoutNanos());
    Evictor evictor =
        new Evictor(memory, evictionSettings(options, watermarks), farPages, listener, clock);
    Recycler recycler = new Recycler(memory, listener, clock);
    Evacuator evacuator =
        new Evacuator(
            memory, evacuatorSettings(options), farPages, listener, evictor::rounds, clock);
    List<Agent> agents = new ArrayList<>(List.of(evictor, recycler));
    List<LongSupplier> fruitlessLooks = new ArrayList<>();
    fruitlessLooks.add(recycler::quietRounds);
    if (options.evacuation()) {
      agents.add(evacuator);
      fruitlessLooks.add(evacuator::fruitlessSurveys);
    }
    agents.add(leakWatch::poll);
    this.background =
        hooks.startAgents()
            ? new AgentRunner(
                "farheap-agents",
                agents,
                () -> evictor.busy() || evacuator.busy() ? BUSY_SLEEP_NANOS : IDLE_SLEEP_NANOS)
            : new AgentRunner(agents);
    FrameSupply frameSupply =
        new FrameSupply(
            memory,
            scopes,
            background,
            evictor.runMaker(),
            pins,
            statistics,
            clock,
            watermarks.low(),
            options.frameWaitTimeoutNanos());
    this.readahead =
        new Readahead(memory, farPages, frameSupply, statistics, options.readAheadPages());
    background.add(readahead);
    Fetcher fetcher =
        new Fetcher(
            memory,
            farMemory,
            slabMap,
            pageWaiters,
            readahead,
            statistics,
            clock,
            options.transportTimeoutNanos(),
            options.slowFetchThresholdNanos());
    Placement placement =
        new Placement(
            memory,
            frameSupply,
            scopes,
            background,
            new FarQuiet(fruitlessLooks),
            evacuator::behind,
            clock,
            options.frameWaitTimeoutNanos(),
            geometry.frames() / MAX_OBJECT_SHARE);
    Residence residence =
        new Residence(
            memory,
            farPages,
            frameSupply,
            fetcher,
            readahead,
            placement,
            statistics,
            options.segmentChecks());
    this.core =
        new HeapCore(
            memory,
            scopes,
            residence,
            new Lifecycle(memory, scopes, placement, statistics),
            new LargeRanges(memory, frameSupply, fetcher, residence),
            statistics);
    registerGauges();
    background.start();
  }

  /**
   * Puts a heap together.
   *
   * @throws ConfigurationException if the options do not go together
   * @throws FarAccessException if far memory cannot be reached
   */
  public static HeapRuntime open(HeapOptions options, HeapHooks hooks) {
    HeapGeometry geometry = geometry(options);
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
      return new HeapRuntime(options, hooks, farMemory);
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

  private static HeapGeometry geometry(HeapOptions options) {
    long frames = options.localMemoryBytes() / PageWord.PAGE_BYTES;
    if (frames < MIN_FRAMES || frames > PageWord.MAX_FRAMES) {
      throw new ConfigurationException(
          "local-memory",
          options.localMemoryBytes() + " bytes",
          ByteSize.format((long) MIN_FRAMES * PageWord.PAGE_BYTES) + " or more",
          "the heap that is being opened");
    }
    long slabBytes = options.slabSizeBytes();
    long farBytes = Math.max(1, options.farMemoryBytes() / slabBytes) * slabBytes;
    int stripes = options.stripes();
    // Every stripe may hold an open page of each heat; they must not eat a small heap up.
    while (stripes > 1 && (long) stripes * 3 * 8 > frames) {
      stripes /= 2;
    }
    int reserve = Math.clamp(frames / 64, 4, 256);
    return new HeapGeometry(
        (int) frames, reserve, farBytes, slabBytes, stripes, options.hugePages());
  }

  private static Watermarks watermarks(HeapOptions options, HeapGeometry geometry) {
    int least = geometry.reserveFrames() + 2;
    int low = (int) Math.max(least, geometry.frames() * options.lowWatermark());
    int high = (int) Math.max(low + 1, geometry.frames() * options.highWatermark());
    return new Watermarks(low, high);
  }

  private static EvictionSettings evictionSettings(HeapOptions options, Watermarks watermarks) {
    PathPolicy paths =
        switch (options.mode()) {
          case HYBRID -> new HybridPolicy(options.pathThreshold());
          case PAGING_ONLY -> PathPolicy.PAGING_ONLY;
          case OBJECT_ONLY -> PathPolicy.OBJECT_ONLY;
        };
    return new EvictionSettings(
        watermarks, paths, regrouping(options), options.cards(), options.evacuation());
  }

  private static EvacuatorSettings evacuatorSettings(HeapOptions options) {
    return new EvacuatorSettings(
        CleaningPolicy.standard(regrouping(options)),
        options.evacuationCpu(),
        options.evacuationBandwidthBytes());
  }

  /** A heap that only pages stands for the swapping of a kernel, which knows no objects. */
  private static boolean regrouping(HeapOptions options) {
    return options.evacuation() && options.regrouping() && options.mode() != Mode.PAGING_ONLY;
  }

  private void registerGauges() {
    SegmentTable segments = memory.segments();
    statistics.gauge(Gauge.FRAMES_FREE, () -> memory.frames().free());
    statistics.gauge(Gauge.FRAMES_TOTAL, () -> memory.frames().frames());
    statistics.gauge(Gauge.LOCAL_METADATA_BYTES, memory::metadataBytes);
    statistics.gauge(Gauge.FAR_BYTES_LIVE, segments::liveBytes);
    statistics.gauge(
        Gauge.FAR_BYTES_TOTAL, () -> (long) segments.usedSegments() * SegmentTable.SEGMENT_BYTES);
    statistics.gauge(Gauge.OPEN_SCOPES, () -> memory.epochs().openScopes());
    statistics.gauge(Gauge.PINS, pins::count);
    statistics.gauge(Gauge.RECORDS_LIVE, memory.records()::live);
    statistics.gauge(Gauge.SEGMENTS_OPEN, segments::openSegments);
    statistics.source(
        Counter.HITS,
        () ->
            Math.max(
                0,
                scopes.dereferences()
                    - statistics.sum(Counter.OBJECT_FETCHES)
                    - statistics.sum(Counter.PAGE_FETCHES)));
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
