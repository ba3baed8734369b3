package io.farheap.apps.memcached;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.server.CacheServer;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.store.StoreOptions;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.base.text.ByteSize;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A heap, a store of items on it and a server of them, as one program. */
public final class MemcachedProgram implements AutoCloseable {
  private static final String NAME = "farheap memcached: ";

  private final PrintWriter out;
  private final FarHeap heap;
  private final ItemStore store;
  private final CacheServer server;

  private MemcachedProgram(PrintWriter out, FarHeap heap, ItemStore store, CacheServer server) {
    this.out = out;
    this.heap = heap;
    this.store = store;
    this.server = server;
  }

  /**
   * Starts the program and says so.
   *
   * @param out where it says what it does
   * @throws io.farheap.error.ConfigurationException if the sizes do not go together
   * @throws io.farheap.error.FarAccessException if far memory cannot be reached
   * @throws io.farheap.transport.TransportException if an address is taken, or a file is wrong
   */
  public static MemcachedProgram start(MemcachedSettings settings, PrintWriter out) {
    FarHeap heap = FarHeap.open(options(settings));
    ItemStore store = null;
    CacheServer server = null;
    try {
      CacheConfig config = settings.server();
      store =
          ItemStore.open(
              heap,
              StoreOptions.standard()
                  .withMaxItemBytes(config.maxItemBytes())
                  .withEviction(settings.evicting())
                  .withClock(config.clockSeconds()));
      server = CacheServer.start(config, heap, store);
      MemcachedProgram program = new MemcachedProgram(out, heap, store, server);
      program.sayStarted(settings);
      return program;
    } finally {
      if (server == null) {
        if (store != null) {
          store.close();
        }
        heap.close();
      }
    }
  }

  private static HeapOptions options(MemcachedSettings settings) {
    HeapOptionsBuilder options =
        HeapOptions.builder()
            .localMemoryBytes(settings.localBytes())
            .farMemoryBytes(settings.farBytes())
            .mode(settings.mode())
            // The store keeps the rules itself; checked segments would be an object for each get.
            .segmentChecks(false);
    settings.locator().ifPresent(options::farLocator);
    return options.build();
  }

  private void sayStarted(MemcachedSettings settings) {
    CacheConfig config = settings.server();
    HeapOptions options = heap.options();
    say(
        String.format(
            Locale.ROOT,
            "%s of local memory, %s of far memory in %s, items up to %s, %d threads%s%s",
            ByteSize.text(options.localMemoryBytes()),
            ByteSize.text(options.farMemoryBytes()),
            options.farLocator(),
            ByteSize.text(config.maxItemBytes()),
            config.threads(),
            config.tls().isPresent() ? ", TLS 1.3" : "",
            config.credentials().isPresent() ? ", for users of the auth file" : ""));
    List<InetSocketAddress> addresses = server.addresses();
    for (int i = 0; i < addresses.size(); i++) {
      // The host as it was given, the port as it was chosen.
      String host = config.listen().get(i).getHostString();
      say(
          "listening on "
              + (host.indexOf(':') < 0 ? host : "[" + host + "]")
              + ":"
              + addresses.get(i).getPort());
    }
  }

  /** The server, which accepts clients until the program is closed. */
  public CacheServer server() {
    return server;
  }

  /** The items. */
  public ItemStore store() {
    return store;
  }

  /** The heap that holds the items. */
  public FarHeap heap() {
    return heap;
  }

  /** Ends the program: its clients' connections end, and its items are gone. */
  @Override
  public void close() {
    Map<String, String> last = server.stats();
    server.close();
    store.close();
    heap.close();
    say(
        String.format(
            Locale.ROOT,
            "stopped after %s s: %s gets (%s hits), %s sets, %s items",
            last.get("uptime"),
            last.get("cmd_get"),
            last.get("get_hits"),
            last.get("cmd_set"),
            last.get("curr_items")));
  }

  private void say(String line) {
    out.println(NAME + line);
    out.flush();
  }
}
