package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PlaceWord;

/**
 * Keeps the accessed objects of a page that goes out, so that a page does not occupy a frame for
 * the sake of a few.
 *
 * <p>Once the page is remote with its flag on the object path it is immutable, and its bytes are
 * still in the frame that is the evictor's alone: each accessed object is taken off it just as a
 * miss would, only without a network trip.
 */
final class Survivors {
  private final PageWalk walk;
  private final ObjectMover mover;
  private final ReclaimListener listener;

  Survivors(HeapMemory memory, ReclaimListener listener) {
    this.walk = new PageWalk(memory, listener);
    this.mover = new ObjectMover(memory, false);
    this.listener = listener;
  }

  /** Moves the accessed objects of a page that has just left for the object path. */
  void move(long page, int frame) {
    if (mover.prepare()) {
      walk.startMarked(page, frame);
      boolean room = true;
      while (room && walk.next()) {
        room = !PlaceWord.accessed(walk.place()) || mover.move(walk, Heat.HOT);
      }
      listener.survived(mover.takeMovedObjects(), mover.takeMovedBytes());
    }
    mover.rest();
  }
}
