package io.farheap.stats;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A pointer that became unreachable before it was closed, as a Flight Recorder event. */
@Name("io.farheap.Leak")
@Label("Pointer Leak")
@Category("Farheap")
@Description("A pointer became unreachable before it was closed; its object can't be freed")
@StackTrace(false)
// Flight Recorder reads the fields. Nobody needs the superclass to use these events.
@SuppressWarnings({"UnusedVariable", "exports"})
public final class LeakEvent extends Event {
  @Label("Handle")
  private final long handle;

  @Label("Object Size")
  @DataAmount
  private final long lengthBytes;

  @Label("Allocation Site")
  private final String allocationSite;

  private LeakEvent(long handle, long lengthBytes, String allocationSite) {
    this.handle = handle;
    this.lengthBytes = lengthBytes;
    this.allocationSite = allocationSite;
  }

  /**
   * Emits the event if a recording wants it.
   *
   * @param handle the lost object's handle
   * @param lengthBytes its size in bytes
   * @param allocationSite where the application allocated it, a frame a line
   */
  public static void commit(long handle, long lengthBytes, String allocationSite) {
    LeakEvent event = new LeakEvent(handle, lengthBytes, allocationSite);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
