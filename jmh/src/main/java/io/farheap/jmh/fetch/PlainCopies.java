package io.farheap.jmh.fetch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Plain copies out of memory of the process's own, checked as {@link FarReader} checks. */
public final class PlainCopies implements AutoCloseable {
  private static final int MARK_BYTES = 64;
  private static final int PAGE_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment from;
  private final MemorySegment to = arena.allocate(PAGE_BYTES, PAGE_BYTES);
  private final SplittableRandom random = new SplittableRandom(42);

  /**
   * Fills the memory.
   *
   * @param bytes how much to copy from
   */
  public PlainCopies(long bytes) {
    from = arena.allocate(bytes, PAGE_BYTES);
    for (long at = 0; at < bytes; at += MARK_BYTES) {
      from.set(JAVA_LONG, at, at);
    }
  }

  /**
   * Copies random pages.
   *
   * @param count how many
   */
  public void pages(int count) {
    for (int i = 0; i < count; i++) {
      long offset = random.nextLong(from.byteSize() / PAGE_BYTES) * PAGE_BYTES;
      MemorySegment.copy(from, offset, to, 0, PAGE_BYTES);
      if (to.get(JAVA_LONG, 0) != offset) {
        throw new IllegalStateException("the copy of " + offset + " is wrong");
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
