package io.farheap.apps.memcached.work;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.store.StoreCounter;
import io.farheap.apps.memcached.store.StoreStats;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures for {@code stats}: memcached's by its names, and those of far memory with {@code far_}.
 */
public final class Stats {
  private static final String FAR = "far_";
  private static final long PAGE_BYTES = 4096;

  /** What clients are told: the release of memcached whose protocol this is, and who speaks it. */
  public static final String VERSION = "1.6.18-farheap";

  private final CacheConfig config;
  private final FarHeap heap;
  private final ItemStore items;
  private final Clients clients;
  private final Counts counts;
  private final long startNanos = System.nanoTime();
  private final Map<Count, Long> before = new EnumMap<>(Count.class);

  /** How much clients want logged. It is remembered to be shown, and changes nothing else. */
  private volatile int verbosity;

  Stats(CacheConfig config, FarHeap heap, ItemStore items, Clients clients, Counts counts) {
    this.config = config;
    this.heap = heap;
    this.items = items;
    this.clients = clients;
    this.counts = counts;
    this.verbosity = config.verbosity();
  }

  /** Sets how much clients want logged, 0 to 2. */
  public void setVerbosity(int level) {
    verbosity = level;
  }

  /** Lets the counters begin anew. */
  public synchronized void reset() {
    for (Count count : Count.values()) {
      before.put(count, counts.sum(count));
    }
    clients.resetTotals();
    items.resetStats();
  }

  private synchronized long count(Count what) {
    return counts.sum(what) - before.getOrDefault(what, 0L);
  }

  /** What {@code stats} shows. */
  public Map<String, String> general() {
    StoreStats store = items.stats();
    Figures figures = new Figures();
    process(figures);
    connections(figures);
    requests(figures, store);
    memory(figures, store);
    far(figures, store);
    return figures.map;
  }

  private void process(Figures figures) {
    CpuTime cpu = CpuTime.now();
    figures.put("pid", ProcessHandle.current().pid());
    figures.put("uptime", (System.nanoTime() - startNanos) / 1_000_000_000);
    figures.put("time", config.clockSeconds().getAsLong());
    figures.put("version", VERSION);
    figures.put("libevent", "none");
    figures.put("pointer_size", Long.SIZE);
    figures.put("rusage_user", cpu.user());
    figures.put("rusage_system", cpu.system());
  }

  private void connections(Figures figures) {
    figures.put("max_connections", config.maxConnections());
    figures.put("curr_connections", clients.connected());
    figures.put("total_connections", clients.everConnected());
    figures.put("rejected_connections", clients.rejected());
    figures.put("connection_structures", clients.connected());
  }

  private void requests(Figures figures, StoreStats store) {
    for (StoreCounter counter : EnumSet.range(StoreCounter.CMD_GET, StoreCounter.CAS_BADVAL)) {
      if (counter != StoreCounter.CMD_META) {
        figures.put(counter, store);
      }
    }
    figures.put(Count.CMD_META.statName(), count(Count.CMD_META));
    figures.put(StoreCounter.STORE_TOO_LARGE, store);
    figures.put(StoreCounter.STORE_NO_MEMORY, store);
    figures.put(Count.AUTH_CMDS.statName(), count(Count.AUTH_CMDS));
    figures.put(Count.AUTH_ERRORS.statName(), count(Count.AUTH_ERRORS));
    figures.put(Count.BYTES_READ.statName(), count(Count.BYTES_READ));
    figures.put(Count.BYTES_WRITTEN.statName(), count(Count.BYTES_WRITTEN));
  }

  private void memory(Figures figures, StoreStats store) {
    figures.put("limit_maxbytes", store.limitBytes());
    figures.put("accepting_conns", 1);
    figures.put("threads", config.threads());
    figures.put(
        "hash_power_level", Long.SIZE - 1 - Long.numberOfLeadingZeros(store.indexBuckets()));
    figures.put("hash_bytes", store.indexBytes());
    figures.put("bytes", store.bytes());
    figures.put("curr_items", store.currItems());
    figures.put(StoreCounter.TOTAL_ITEMS, store);
    figures.put(StoreCounter.EXPIRED_UNFETCHED, store);
    figures.put(StoreCounter.EVICTED_UNFETCHED, store);
    figures.put(StoreCounter.EVICTIONS, store);
    figures.put(StoreCounter.RECLAIMED, store);
    figures.put(StoreCounter.CRAWLER_RECLAIMED, store);
    figures.put(StoreCounter.CRAWLER_ITEMS_CHECKED, store);
  }

  private void far(Figures figures, StoreStats store) {
    for (StoreCounter counter : StoreCounter.values()) {
      if (counter.statName().startsWith(FAR)) {
        figures.put(counter, store);
      }
    }
    figures.put("far_waits", count(Count.FAR_WAITS));
    figures.put("far_request_failures", count(Count.REQUEST_FAILURES));
    HeapStats stats = heap.stats();
    figures.put("far_locator", heap.options().farLocator());
    figures.put("far_memory_bytes", heap.options().farMemoryBytes());
    figures.put("far_local_budget_bytes", heap.options().localMemoryBytes());
    figures.put(
        "far_local_bytes",
        (stats.level(Gauge.FRAMES_TOTAL) - stats.level(Gauge.FRAMES_FREE)) * PAGE_BYTES);
    figures.put("far_local_metadata_bytes", stats.level(Gauge.LOCAL_METADATA_BYTES));
    figures.put("far_live_bytes", stats.level(Gauge.FAR_BYTES_LIVE));
    figures.put("far_misses", stats.misses());
    stats
        .toMap()
        .forEach((name, value) -> figures.put(name.startsWith(FAR) ? name : FAR + name, value));
  }

  /**
   * What {@code stats} shows of one group.
   *
   * @return null if there is no such group
   */
  public Map<String, String> group(String name) {
    Figures figures = new Figures();
    switch (name) {
      case "settings" -> settings(figures);
      case "items" -> items(figures);
      case "slabs" -> slabs(figures);
      case "sizes" -> figures.put("sizes_status", "disabled");
      case "conns" -> clients.describe(figures.map);
      default -> {
        return null;
      }
    }
    return figures.map;
  }

  private void settings(Figures figures) {
    figures.put("maxbytes", items.stats().limitBytes());
    figures.put("maxconns", config.maxConnections());
    figures.put("tcpport", config.listen().getFirst().getPort());
    figures.put("udpport", 0);
    figures.put("inter", config.listen().getFirst().getHostString());
    figures.put("verbosity", verbosity);
    figures.put("evictions", "on");
    figures.put("num_threads", config.threads());
    figures.put("cas_enabled", "yes");
    figures.put("auth_enabled_sasl", config.credentials().isPresent() ? "yes" : "no");
    figures.put("auth_enabled_ascii", config.credentials().isPresent() ? "yes" : "no");
    figures.put("item_size_max", config.maxItemBytes());
    figures.put("maxconns_fast", "yes");
    figures.put("flush_enabled", config.flushing() ? "yes" : "no");
    figures.put("dump_enabled", "no");
    figures.put("binding_protocol", "auto-negotiate");
    figures.put("ssl_enabled", config.tls().isPresent() ? "yes" : "no");
    heap.options()
        .describe()
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              String key = line.substring(0, equals).strip().replace('-', '_');
              figures.put(FAR + key, line.substring(equals + 1).strip());
            });
  }

  /** There is one class of items; it goes by number 1. */
  private void items(Figures figures) {
    StoreStats store = items.stats();
    if (store.currItems() == 0) {
      return;
    }
    figures.put("items:1:number", store.currItems());
    figures.put("items:1:mem_requested", store.bytes());
    figures.put("items:1:evicted", store.count(StoreCounter.EVICTIONS));
    figures.put("items:1:evicted_unfetched", store.count(StoreCounter.EVICTED_UNFETCHED));
    figures.put("items:1:expired_unfetched", store.count(StoreCounter.EXPIRED_UNFETCHED));
    figures.put("items:1:outofmemory", store.count(StoreCounter.STORE_NO_MEMORY));
    figures.put("items:1:reclaimed", store.count(StoreCounter.RECLAIMED));
  }

  private void slabs(Figures figures) {
    StoreStats store = items.stats();
    HeapStats stats = heap.stats();
    if (store.currItems() > 0) {
      figures.put("1:used_chunks", store.currItems());
      figures.put("1:get_hits", store.count(StoreCounter.GET_HITS));
      figures.put("1:cmd_set", store.count(StoreCounter.CMD_SET));
      figures.put("1:delete_hits", store.count(StoreCounter.DELETE_HITS));
    }
    figures.put("active_slabs", store.currItems() > 0 ? 1 : 0);
    figures.put("total_malloced", stats.level(Gauge.FAR_BYTES_TOTAL));
  }

  /** Names and what they stand for, in their order. */
  private static final class Figures {
    final Map<String, String> map = new LinkedHashMap<>();

    void put(String name, Object value) {
      map.put(name, value.toString());
    }

    void put(StoreCounter counter, StoreStats store) {
      put(counter.statName(), store.count(counter));
    }
  }
}
