package io.farheap.stats;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A scope that stayed open for long, as a Flight Recorder event. */
@Name("io.farheap.LongScope")
@Label("Long Scope")
@Category("Farheap")
@Description("A scope has been open longer than scope-warning; nothing it touched can go out")
@StackTrace(false)
// Flight Recorder reads the fields. Nobody needs the superclass to use these events.
@SuppressWarnings({"UnusedVariable", "exports"})
public final class LongScopeEvent extends Event {
  @Label("Age")
  @Timespan(Timespan.NANOSECONDS)
  private final long ageNanos;

  @Label("Scope's Thread")
  private final String scopeThread;

  @Label("Place")
  private final String place;

  private LongScopeEvent(long ageNanos, String scopeThread, String place) {
    this.ageNanos = ageNanos;
    this.scopeThread = scopeThread;
    this.place = place;
  }

  /**
   * Emits the event if a recording wants it.
   *
   * @param ageNanos how long the scope has been open, in nanoseconds
   * @param scopeThread the name of the thread that opened it, which needn't be the current one
   * @param place where it was opened, as far as that is known
   */
  public static void commit(long ageNanos, String scopeThread, String place) {
    LongScopeEvent event = new LongScopeEvent(ageNanos, scopeThread, place);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
