package io.farheap.apps.memcached.server;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.store.ItemStore;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all connections share. */
final class ServerShared {
  /** What clients are told: the release of memcached whose protocol this is, and who speaks it. */
  static final String VERSION = "1.6.18-farheap";

  /** Longest line of a request: some ten thousand keys. */
  static final int MAX_LINE_BYTES = 4 << 20;

  /** What an item takes beside key and value, to show; about. */
  static final int ITEM_HEADER_BYTES = 48;

  /** The clients' channels. */
  final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /** Connections at this moment. */
  final AtomicInteger connections = new AtomicInteger();

  /** Connections since the start. */
  final LongAdder totalConnections = new LongAdder();

  /** Connections that were turned away. */
  final LongAdder rejectedConnections = new LongAdder();

  private final CacheConfig config;
  private final ItemStore store;
  private final MissFetcher misses;
  private final Stats stats;
  private final List<Worker> workers = new CopyOnWriteArrayList<>();
  private final Map<Thread, Worker> ofLoops = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();
  private volatile int verbosity;

  ServerShared(CacheConfig config, FarHeap heap, ItemStore store) {
    this.config = config;
    this.store = store;
    this.misses = new MissFetcher(store);
    this.verbosity = config.verbosity();
    this.stats = new Stats(this, heap);
  }

  CacheConfig config() {
    return config;
  }

  ItemStore store() {
    return store;
  }

  MissFetcher misses() {
    return misses;
  }

  Stats stats() {
    return stats;
  }

  int maxItemBytes() {
    return config.maxItemBytes();
  }

  boolean mayFlush() {
    return config.flushing();
  }

  long nowSeconds() {
    return config.clockSeconds().getAsLong();
  }

  /** What a client's time of expiry means now. */
  long expiry(int exptime) {
    return Expiry.at(exptime, nowSeconds());
  }

  int verbosity() {
    return verbosity;
  }

  void setVerbosity(int level) {
    verbosity = level;
  }

  boolean wantsCredentials() {
    return config.credentials().isPresent();
  }

  boolean accepts(byte[] user, byte[] password) {
    return config.credentials().isPresent() && config.credentials().get().accept(user, password);
  }

  /** The worker of the event loop that calls this. */
  Worker workerOfLoop() {
    return ofLoops.computeIfAbsent(Thread.currentThread(), thread -> newWorker());
  }

  /** A worker for a thread that waits, until {@link #giveBack}. */
  Worker borrow() {
    Worker worker = idle.poll();
    return worker == null ? newWorker() : worker;
  }

  void giveBack(Worker worker) {
    idle.add(worker);
  }

  private Worker newWorker() {
    Worker worker = new Worker(this);
    workers.add(worker);
    return worker;
  }

  /** Adds what is known of each connection. */
  void describeConnections(Map<String, String> figures) {
    for (Channel channel : channels) {
      String id = channel.id().asShortText();
      figures.put(id + ":addr", "tcp:" + text(channel.remoteAddress()));
      figures.put(id + ":listen_addr", "tcp:" + text(channel.localAddress()));
      figures.put(id + ":state", channel.config().isAutoRead() ? "conn_read" : "conn_waiting");
    }
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "unknown";
  }

  /** What all workers have counted; a moment old where they work. */
  long sum(Count what) {
    long sum = 0;
    for (Worker worker : workers) {
      sum += worker.counts[what.place()];
    }
    return sum;
  }
}
