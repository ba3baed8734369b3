package io.farheap.internal;

import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.agent.AgentRunner;
import io.farheap.error.ConfigurationException;
import io.farheap.evacuator.CleaningPolicy;
import io.farheap.evacuator.Evacuator;
import io.farheap.evacuator.EvacuatorSettings;
import io.farheap.evacuator.EvictionSettings;
import io.farheap.evacuator.Evictor;
import io.farheap.evacuator.HybridPolicy;
import io.farheap.evacuator.PathPolicy;
import io.farheap.evacuator.Recycler;
import io.farheap.evacuator.Watermarks;
import io.farheap.internal.far.SlabMap;
import io.farheap.internal.far.TransportPages;
import io.farheap.internal.miss.Fetcher;
import io.farheap.internal.miss.LargeRanges;
import io.farheap.internal.miss.PageWaiters;
import io.farheap.internal.miss.Readahead;
import io.farheap.internal.miss.Residence;
import io.farheap.internal.place.FarQuiet;
import io.farheap.internal.place.FrameSupply;
import io.farheap.internal.place.Placement;
import io.farheap.internal.scope.LeakWatch;
import io.farheap.internal.scope.PinRegistry;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.transport.FarMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one heap, and which of them each is given: what is built first is at the bottom. Its
 * agents stand still until {@link AgentRunner#start}.
 */
final class HeapAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(HeapAssembly.class);

  /** How long the agents' thread sleeps while one of them waits for something that comes soon. */
  private static final long BUSY_SLEEP_NANOS = 20_000;

  /** How long it sleeps otherwise; who wants something wakes it. */
  private static final long IDLE_SLEEP_NANOS = 10_000_000;

  private final HeapOptions options;
  private final HeapGeometry geometry;
  private final FarMemory farMemory;
  private final LongSupplier clock;
  private final SlabMap slabMap;
  private final PageWaiters pageWaiters;
  private final TransportPages farPages;
  private final Evictor evictor;
  private final Recycler recycler;
  private final Evacuator evacuator;
  private final FrameSupply frameSupply;

  final StatisticsRegistry statistics;
  final HeapMemory memory;
  final Scopes scopes;
  final PinRegistry pins = new PinRegistry();
  final LeakWatch leakWatch;
  final AgentRunner background;
  final Readahead readahead;
  final HeapCore core;

  /**
   * Builds them.
   *
   * @param farMemory has the options' slab size
   * @throws ConfigurationException if the options do not go together
   */
  HeapAssembly(HeapOptions options, HeapHooks hooks, FarMemory farMemory) {
    this.options = options;
    this.geometry = HeapSizes.geometry(options);
    this.farMemory = farMemory;
    this.clock = hooks.nanoClock();
    this.statistics = new StatisticsRegistry(clock);
    this.slabMap = new SlabMap(farMemory, geometry.slabBytes(), HeapSizes.slabs(geometry));
    this.memory = memory();
    this.scopes = new Scopes(memory);
    this.leakWatch = new LeakWatch(options.strictLeaks(), statistics);
    this.pageWaiters = new PageWaiters(memory.pageTable(), clock, this::step);
    this.farPages =
        new TransportPages(farMemory, slabMap, pageWaiters::wake, options.transportTimeoutNanos());

    Watermarks watermarks = HeapSizes.watermarks(options, geometry);
    ReclaimStatistics listener =
        new ReclaimStatistics(statistics, scopes, options.scopeWarningNanos());
    this.evictor = new Evictor(memory, evictionSettings(watermarks), farPages, listener, clock);
    this.recycler = new Recycler(memory, listener, clock);
    this.evacuator =
        new Evacuator(memory, evacuatorSettings(), farPages, listener, evictor::rounds, clock);
    this.background = background(hooks.startAgents());

    this.frameSupply = frameSupply(watermarks);
    this.readahead =
        new Readahead(memory, farPages, frameSupply, statistics, options.readAheadPages());
    background.add(readahead);
    this.core = core(fetcher(), placement());
    registerGauges();
  }

  /** Who waits for a page steps the agents, which are wired after the waiters. */
  private int step() {
    return background.step();
  }

  private HeapMemory memory() {
    HeapMemory built = new HeapMemory(geometry, slabMap);
    if (options.hugePages() && !built.pool().hugePages()) {
      LOG.warn(
          "the system gives no huge pages to local memory, so a hit costs about half as much again;"
              + " set /sys/kernel/mm/transparent_hugepage/enabled to madvise");
    }
    farMemory.registerLocal(built.poolSegment());
    return built;
  }

  private EvictionSettings evictionSettings(Watermarks watermarks) {
    PathPolicy paths =
        switch (options.mode()) {
          case HYBRID -> new HybridPolicy(options.pathThreshold());
          case PAGING_ONLY -> PathPolicy.PAGING_ONLY;
          case OBJECT_ONLY -> PathPolicy.OBJECT_ONLY;
        };
    return new EvictionSettings(
        watermarks, paths, regrouping(), options.cards(), options.evacuation());
  }

  private EvacuatorSettings evacuatorSettings() {
    return new EvacuatorSettings(
        CleaningPolicy.standard(regrouping()),
        options.evacuationCpu(),
        options.evacuationBandwidthBytes());
  }

  /** A heap that only pages stands for the swapping of a kernel, which knows no objects. */
  private boolean regrouping() {
    return options.evacuation() && options.regrouping() && options.mode() != Mode.PAGING_ONLY;
  }

  private AgentRunner background(boolean ownThread) {
    List<Agent> agents = new ArrayList<>(List.of(evictor, recycler));
    if (options.evacuation()) {
      agents.add(evacuator);
    }
    agents.add(leakWatch::poll);
    return ownThread
        ? new AgentRunner(
            "farheap-agents",
            agents,
            () -> evictor.busy() || evacuator.busy() ? BUSY_SLEEP_NANOS : IDLE_SLEEP_NANOS)
        : new AgentRunner(agents);
  }

  private FrameSupply frameSupply(Watermarks watermarks) {
    return new FrameSupply(
        memory,
        scopes,
        background,
        evictor.runMaker(),
        pins,
        statistics,
        clock,
        watermarks.low(),
        options.frameWaitTimeoutNanos());
  }

  private Fetcher fetcher() {
    return new Fetcher(
        memory,
        farPages,
        pageWaiters,
        readahead,
        statistics,
        clock,
        options.transportTimeoutNanos(),
        options.slowFetchThresholdNanos());
  }

  private Placement placement() {
    List<LongSupplier> fruitlessLooks =
        options.evacuation()
            ? List.of(recycler::quietRounds, evacuator::fruitlessSurveys)
            : List.of(recycler::quietRounds);
    return new Placement(
        memory,
        frameSupply,
        scopes,
        background,
        new FarQuiet(fruitlessLooks),
        evacuator::behind,
        clock,
        options.frameWaitTimeoutNanos(),
        HeapSizes.maxRunPages(geometry));
  }

  private HeapCore core(Fetcher fetcher, Placement placement) {
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
    return new HeapCore(
        memory,
        scopes,
        residence,
        new Lifecycle(memory, scopes, placement, statistics),
        new LargeRanges(memory, frameSupply, fetcher, residence),
        statistics);
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
}
