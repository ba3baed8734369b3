package io.farheap.internal;

import io.farheap.allocator.PageWord;
import io.farheap.evacuator.ReclaimListener;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.stats.Histo;
import io.farheap.stats.LongScopeEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the agents do, and reports scopes that stay open too long. */
final class ReclaimStatistics implements ReclaimListener {
  private static final Logger LOG = LoggerFactory.getLogger(ReclaimStatistics.class);

  private final StatisticsRegistry statistics;
  private final Scopes scopes;
  private final long warnAfterNanos;
  private long lastReportedNanos;
  private boolean damageReported;

  ReclaimStatistics(StatisticsRegistry statistics, Scopes scopes, long warnAfterNanos) {
    this.statistics = statistics;
    this.scopes = scopes;
    this.warnAfterNanos = warnAfterNanos;
  }

  @Override
  public void left(int pages, boolean written, boolean paging, boolean fetched, int touchedBytes) {
    statistics.add(Counter.PAGES_OUT, pages);
    if (written) {
      statistics.add(Counter.BYTES_OUT, (long) pages * PageWord.PAGE_BYTES);
    } else {
      statistics.add(Counter.PAGES_DROPPED_CLEAN, pages);
    }
    statistics.increment(paging ? Counter.PSF_TO_PAGING : Counter.PSF_TO_RUNTIME);
    if (fetched) {
      statistics.add(Counter.BYTES_USEFUL, touchedBytes);
      if (!paging) {
        statistics.increment(Counter.PSF_FLIPS);
      }
    }
  }

  @Override
  public void kept() {
    statistics.increment(Counter.PAGES_KEPT);
  }

  @Override
  public void recycled(int pages) {
    statistics.add(Counter.PAGES_RECYCLED, pages);
  }

  @Override
  public void moved() {
    statistics.increment(Counter.FRAMES_MOVED);
  }

  @Override
  public void gracePassed(long nanos) {
    statistics.record(Histo.GRACE_NANOS, nanos);
    lastReportedNanos = 0;
  }

  @Override
  public void scopeHolds(int slot, long nanos) {
    if (nanos < warnAfterNanos || nanos - lastReportedNanos < warnAfterNanos) {
      return;
    }
    lastReportedNanos = nanos;
    String scope = scopes.describe(slot);
    if (scope == null) {
      return;
    }
    Thread thread = scopes.owner(slot);
    String name = thread == null ? "?" : thread.getName();
    statistics.increment(Counter.LONG_SCOPES);
    statistics.record(Histo.SCOPE_AGE_NANOS, nanos);
    LongScopeEvent.commit(nanos, name, scope);
    LOG.warn(
        "{} has been open for more than {} ms and keeps pages from leaving; close or renew it",
        scope,
        nanos / 1_000_000);
  }

  @Override
  public void writeFailed(long page) {
    statistics.increment(Counter.WRITE_FAILURES);
    LOG.debug("page {} could not be written to far memory; it stays and is tried again", page);
  }

  @Override
  public void damaged(long page) {
    statistics.increment(Counter.DAMAGED_HEADERS);
    if (!damageReported) {
      damageReported = true; // one fault of the hardware may damage much
      LOG.error(
          "page {} came back from far memory other than it was written, at an object's header; the"
              + " object stays where it is and as long as it was, but its bytes may be damaged too:"
              + " check the memory server and the network",
          page);
    }
  }

  @Override
  public void written(int pages, long nanos) {
    statistics.record(Histo.WRITE_BACK_NANOS, nanos);
  }

  @Override
  public void segmentFreed(int segments) {
    statistics.add(Counter.SEGMENTS_RECYCLED, segments);
  }

  @Override
  public void survived(int objects, long bytes) {
    statistics.add(Counter.SURVIVORS, objects);
    statistics.add(Counter.BYTES_SURVIVED, bytes);
  }

  @Override
  public void evacuated(int objects, long bytes) {
    statistics.increment(Counter.PAGES_EVACUATED);
    statistics.add(Counter.OBJECTS_EVACUATED, objects);
    statistics.add(Counter.BYTES_EVACUATED, bytes);
  }

  @Override
  public void evacuatorRead(long bytes) {
    statistics.add(Counter.BYTES_IN, bytes);
    statistics.add(Counter.BYTES_IN_EVACUATION, bytes);
  }

  @Override
  public void evacuatorRan(long nanos) {
    statistics.add(Counter.EVACUATION_NANOS, nanos);
  }
}
