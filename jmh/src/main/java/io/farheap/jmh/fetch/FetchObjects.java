package io.farheap.jmh.fetch;

import io.farheap.FarHeap;
import io.farheap.UniquePtr;
import io.farheap.jmh.work.FarHeaps;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import java.util.SplittableRandom;

/** Reads objects of a heap at random, most of which are far. */
final class FetchObjects implements RoundTrips {
  /** So few objects are local that the median read is a miss. */
  private static final int LOCAL_PERCENT = 6;

  private static final int HEADER_BYTES = 8;

  /** Where an object holds its own number. */
  private static final int MARK_OFFSET = 0;

  private final SplittableRandom random = new SplittableRandom(42);
  private final FarHeap heap;
  private final UniquePtr<byte[]>[] objects;
  private final byte[] read;

  /**
   * Opens a heap and fills it.
   *
   * @param locator where its far memory is
   * @param slabBytes size of slabs there
   * @param count how many objects
   * @param objectBytes size of each
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  FetchObjects(String locator, long slabBytes, int count, int objectBytes) {
    long footprintBytes = (long) count * (objectBytes + HEADER_BYTES);
    HeapOptions options =
        FarHeaps.options(footprintBytes, LOCAL_PERCENT, 2, locator)
            .farMemoryBytes(roundUp(2 * footprintBytes, slabBytes))
            .slabSizeBytes(slabBytes)
            .mode(Mode.OBJECT_ONLY)
            .build();
    heap = FarHeap.open(options);
    objects = new UniquePtr[count];
    read = new byte[objectBytes];
    byte[] bytes = new byte[objectBytes];
    for (int i = 0; i < count; i++) {
      mark(bytes, i);
      objects[i] = heap.allocate(bytes);
    }
  }

  private static long roundUp(long bytes, long unitBytes) {
    return (bytes + unitBytes - 1) / unitBytes * unitBytes;
  }

  private static void mark(byte[] bytes, int number) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[MARK_OFFSET + i] = (byte) (number >>> (i * Byte.SIZE));
    }
  }

  private int markRead() {
    int number = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      number |= (read[MARK_OFFSET + i] & 0xff) << (i * Byte.SIZE);
    }
    return number;
  }

  /** Reads as many objects as there is room for times; they are all of the heap's one size. */
  @Override
  public void oneAtATime(int replyBytes, long[] nanos) {
    for (int i = 0; i < nanos.length; i++) {
      int number = random.nextInt(objects.length);
      long startNanos = System.nanoTime();
      objects[number].read(MARK_OFFSET, read);
      nanos[i] = System.nanoTime() - startNanos;
      if (markRead() != number) {
        throw new IllegalStateException("object " + number + " holds " + markRead());
      }
    }
  }

  /** Misses so far. */
  long misses() {
    return heap.stats().misses();
  }

  @Override
  public void close() {
    heap.close();
  }
}
