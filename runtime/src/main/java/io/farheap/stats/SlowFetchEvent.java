package io.farheap.stats;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A fetch that took long, as a Flight Recorder event. */
@Name("io.farheap.SlowFetch")
@Label("Slow Fetch")
@Category("Farheap")
@Description("A miss waited longer than slow-fetch-threshold for its bytes")
// Flight Recorder reads the fields. Nobody needs the superclass to use these events.
@SuppressWarnings({"UnusedVariable", "exports"})
public final class SlowFetchEvent extends Event {
  @Label("Path")
  private final String path;

  @Label("Far Address")
  private final long farAddress;

  @Label("Fetched")
  @DataAmount
  private final long lengthBytes;

  @Label("Wait")
  @Timespan(Timespan.NANOSECONDS)
  private final long waitNanos;

  private SlowFetchEvent(String path, long farAddress, long lengthBytes, long waitNanos) {
    this.path = path;
    this.farAddress = farAddress;
    this.lengthBytes = lengthBytes;
    this.waitNanos = waitNanos;
  }

  /**
   * Emits the event if a recording wants it. Called by the thread that fetched, when it has the
   * bytes and only if that took longer than the threshold.
   *
   * @param path which path the miss took: {@code "object"} or {@code "page"}
   * @param farAddress the far address of what was fetched
   * @param lengthBytes how many bytes were fetched
   * @param waitNanos how long that took, in nanoseconds
   */
  public static void commit(String path, long farAddress, long lengthBytes, long waitNanos) {
    SlowFetchEvent event = new SlowFetchEvent(path, farAddress, lengthBytes, waitNanos);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
