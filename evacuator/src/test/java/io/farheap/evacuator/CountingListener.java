package io.farheap.evacuator;

/** Adds up what the agents report. */
final class CountingListener implements ReclaimListener {
  int pagesLeft;
  int pagesKept;
  int pagesRecycled;
  int segmentsFreed;
  int damagedSeen;
  int survivors;
  int evacuations;
  int objectsEvacuated;
  long bytesEvacuated;
  long bytesRead;
  long evacuatorNanos;

  @Override
  public void left(int pages, boolean written, boolean paging, boolean fetched, int touchedBytes) {
    pagesLeft += pages;
  }

  @Override
  public void kept() {
    pagesKept++;
  }

  @Override
  public void recycled(int pages) {
    pagesRecycled += pages;
  }

  @Override
  public void moved() {}

  @Override
  public void gracePassed(long nanos) {}

  @Override
  public void scopeHolds(int slot, long nanos) {}

  @Override
  public void writeFailed(long page) {}

  @Override
  public void damaged(long page) {
    damagedSeen++;
  }

  @Override
  public void written(int pages, long nanos) {}

  @Override
  public void segmentFreed(int segments) {
    segmentsFreed += segments;
  }

  @Override
  public void survived(int objects, long bytes) {
    survivors += objects;
  }

  @Override
  public void evacuated(int objects, long bytes) {
    evacuations++;
    objectsEvacuated += objects;
    bytesEvacuated += bytes;
  }

  @Override
  public void evacuatorRead(long bytes) {
    bytesRead += bytes;
  }

  @Override
  public void evacuatorRan(long nanos) {
    evacuatorNanos += nanos;
  }
}
