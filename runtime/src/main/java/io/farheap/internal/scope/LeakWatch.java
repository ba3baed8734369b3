package io.farheap.internal.scope;

import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.stats.LeakEvent;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds pointers that the garbage collector took before anybody closed them: their objects live on
 * in the heap and nobody can free them. It only reports; nothing is freed on a collector's word.
 *
 * <p>Watching costs a stack walk and a reference, so that by default one allocation in some is
 * watched; in strict mode all are. There is no thread: an agent, and whoever allocates on a slow
 * path, calls {@link #poll()}. All methods may be called by many threads at once.
 */
public final class LeakWatch implements AutoCloseable {
  /** One allocation in this many is watched unless in strict mode. */
  public static final int DEFAULT_SAMPLE_EVERY = 128;

  private static final Logger LOG = LoggerFactory.getLogger(LeakWatch.class);

  /** Bounds one step of an agent. */
  private static final int MAX_REPORTS_PER_POLL = 256;

  /** Sites beyond this many share one entry, so that the table stays bounded. */
  private static final int MAX_SITES = 1024;

  private static final String OTHER_SITES = "other sites";

  private final boolean strict;
  private final int sampleEvery;
  private final Consumer<Leak> reporter;

  /** Where the collector hands over tickets whose pointers are gone. */
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /**
   * Tickets of pointers that are neither closed nor reported. Whoever removes a ticket decides what
   * became of its pointer, so that a close and a report of one pointer exclude each other.
   */
  private final Set<Ticket> open = ConcurrentHashMap.newKeySet();

  private final Map<String, Long> leaksBySite = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A pointer that was lost.
   *
   * @param handle the handle of the object that nobody can free any more
   * @param lengthBytes the object's size in bytes
   * @param allocationSite the application's frames at the allocation, innermost first, a line each
   * @param leaksAtSite how many watched pointers of this site were lost so far, this one included
   */
  public record Leak(long handle, int lengthBytes, String allocationSite, long leaksAtSite) {}

  /** Says that a pointer is watched; closed when the pointer gives its object away. */
  public static final class Ticket extends PhantomReference<Object> implements AutoCloseable {
    private final LeakWatch watch;
    private final long handle;
    private final int lengthBytes;
    private final LeakWatchSite site;

    private Ticket(LeakWatch watch, Object pointer, long handle, int lengthBytes) {
      super(pointer, watch.collected);
      this.watch = watch;
      this.handle = handle;
      this.lengthBytes = lengthBytes;
      this.site = LeakWatchSite.here();
    }

    /**
     * Ends the watch: the pointer was freed, moved or closed. A second call does nothing.
     *
     * <p>The pointer must be reachable until this returns, or it may be reported meanwhile: a
     * pointer that calls this from its own method puts {@link Reference#reachabilityFence} after
     * the call.
     */
    @Override
    public void close() {
      if (watch.open.remove(this)) {
        clear();
      }
    }
  }

  /**
   * Makes a watch.
   *
   * @param strict whether every allocation is watched
   * @param sampleEvery otherwise one in this many is, at random; at least 1
   * @param reporter is told of each leak, on the thread that polls
   * @throws IllegalArgumentException if {@code sampleEvery} is less than 1
   */
  public LeakWatch(boolean strict, int sampleEvery, Consumer<Leak> reporter) {
    if (sampleEvery < 1) {
      throw new IllegalArgumentException("sampleEvery is " + sampleEvery + "; use at least 1");
    }
    this.strict = strict;
    this.sampleEvery = sampleEvery;
    this.reporter = reporter;
  }

  /**
   * Makes a watch that counts leaks and emits Flight Recorder events.
   *
   * @param strict whether every allocation is watched, rather than one in {@link
   *     #DEFAULT_SAMPLE_EVERY}
   * @param statistics where leaks are counted
   */
  public LeakWatch(boolean strict, StatisticsRegistry statistics) {
    this(
        strict,
        DEFAULT_SAMPLE_EVERY,
        leak -> {
          statistics.increment(Counter.LEAKS);
          LeakEvent.commit(leak.handle(), leak.lengthBytes(), leak.allocationSite());
        });
  }

  /**
   * Watches a new pointer, if it is its turn.
   *
   * @param pointer the pointer; the watch doesn't keep it alive
   * @param handle its object's handle
   * @param lengthBytes its object's size in bytes
   * @return to be closed with the pointer; null if this one isn't watched
   */
  public Ticket watch(Object pointer, long handle, int lengthBytes) {
    // A shared counter would be a shared cache line, and a fixed stride could keep in step with a
    // loop of the application's and miss one of its sites for ever.
    if (strict || ThreadLocalRandom.current().nextInt(sampleEvery) == 0) {
      return watchAlways(pointer, handle, lengthBytes);
    }
    return null;
  }

  private Ticket watchAlways(Object pointer, long handle, int lengthBytes) {
    if (closed) {
      return null;
    }
    try {
      Ticket ticket = new Ticket(this, pointer, handle, lengthBytes);
      open.add(ticket);
      return ticket;
    } finally {
      // A pointer collected before its ticket is in the set would never be reported.
      Reference.reachabilityFence(pointer);
    }
  }

  /**
   * Reports the pointers that were lost since the last call, or some of them if there are many.
   *
   * @return how many it reported
   */
  public int poll() {
    int reports = 0;
    while (!closed && reports < MAX_REPORTS_PER_POLL) {
      Reference<?> reference = collected.poll();
      if (reference == null) {
        break;
      }
      if (reference instanceof Ticket ticket && open.remove(ticket)) {
        report(ticket);
        reports++;
      }
    }
    return reports;
  }

  /**
   * How many pointers are being watched.
   *
   * @return those neither closed nor reported
   */
  public int watched() {
    return open.size();
  }

  /** Stops watching: the heap is closed, and what is left in it is freed with it. */
  @Override
  public void close() {
    closed = true;
    open.clear();
  }

  private void report(Ticket ticket) {
    String site = ticket.site.toString();
    boolean known = leaksBySite.containsKey(site) || leaksBySite.size() < MAX_SITES;
    long leaks = leaksBySite.merge(known ? site : OTHER_SITES, 1L, Long::sum);
    if (leaks == 1) {
      LOG.warn(
          "A pointer to {} bytes became unreachable before it was closed; its object can't be freed"
              + " any more. Close pointers with try, or free them. {} Allocated at:\n{}",
          ticket.lengthBytes,
          strict
              ? "Every pointer is watched."
              : "One pointer in " + sampleEvery + " is watched; strict-leaks watches all.",
          site);
    } else if (isPowerOfTen(leaks)) {
      LOG.warn("{} watched pointers were lost by now that were allocated at:\n{}", leaks, site);
    }
    reporter.accept(new Leak(ticket.handle, ticket.lengthBytes, site, leaks));
  }

  private static boolean isPowerOfTen(long count) {
    long rest = count;
    while (rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }
}
