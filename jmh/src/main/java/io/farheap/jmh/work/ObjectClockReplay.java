package io.farheap.jmh.work;

import io.farheap.allocator.ObjectHeader;

/** Plays a workload's operations on a simulated cache instead of a heap. */
public final class ObjectClockReplay {
  private final Workload workload;
  private final ObjectClock clock;
  private final int[] generations;

  /**
   * Makes a cache that has had all of the workload's first objects.
   *
   * @param workload whose objects
   * @param capacityBytes what those that are in may take together, with their headers
   */
  public ObjectClockReplay(Workload workload, long capacityBytes) {
    this.workload = workload;
    this.clock = new ObjectClock(workload.keys(), capacityBytes);
    this.generations = new int[workload.keys()];
    for (int key = 0; key < workload.keys(); key++) {
      put(key);
    }
  }

  private void put(int key) {
    clock.put(key, ObjectHeader.footprint(workload.bytes(key, generations[key])));
  }

  /** Plays operations, and counts the reads and updates that miss. */
  public void play(int[] operations) {
    for (int operation : operations) {
      int key = Operations.key(operation);
      if (Operations.kind(operation) == Operations.REPLACE) {
        generations[key]++;
        put(key);
      } else {
        clock.use(key);
      }
    }
  }

  /** Misses so far. */
  public long misses() {
    return clock.misses();
  }
}
