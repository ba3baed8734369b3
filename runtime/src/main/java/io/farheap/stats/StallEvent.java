package io.farheap.stats;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** An operation that had to wait for a frame, as a Flight Recorder event. */
@Name("io.farheap.Stall")
@Label("Stall")
@Category("Farheap")
@Description("An operation waited for a frame")
// Flight Recorder reads the fields. Nobody needs the superclass to use these events.
@SuppressWarnings({"UnusedVariable", "exports"})
public final class StallEvent extends Event {
  @Label("Wait")
  @Timespan(Timespan.NANOSECONDS)
  private final long waitNanos;

  @Label("Free Frames")
  private final long framesFree;

  @Label("Reason")
  private final String reason;

  private StallEvent(long waitNanos, long framesFree, String reason) {
    this.waitNanos = waitNanos;
    this.framesFree = framesFree;
    this.reason = reason;
  }

  /**
   * Emits the event if a recording wants it. Called by the thread that waited, when it goes on.
   *
   * @param waitNanos how long it waited, in nanoseconds
   * @param framesFree how many frames are free now
   * @param reason what it waited for
   */
  public static void commit(long waitNanos, long framesFree, String reason) {
    StallEvent event = new StallEvent(waitNanos, framesFree, reason);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
