package io.farheap.jmh.zipf;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageWord;
import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import io.farheap.options.HeapOptions;
import java.lang.foreign.MemorySegment;

/** A table of objects: of raw addresses, or of handles of a heap. */
abstract sealed class ZipfTable implements AutoCloseable {
  /** Reads every word of the objects picked; answers how many did not hold what they should. */
  abstract long read(int[] picks, int from, int to);

  /** Frees the objects. */
  @Override
  public abstract void close();

  /** Bytes that objects take up with their headers, page ends left out. */
  static long footprintBytes(int objects) {
    return (long) objects * ObjectHeader.footprint(ZipfItem.BYTES);
  }

  /**
   * Objects in plain native memory, laid out as a heap's log lays them out and on huge pages like
   * its frames.
   */
  static final class Raw extends ZipfTable {
    private static final int FOOTPRINT = ObjectHeader.footprint(ZipfItem.BYTES);
    private static final int PER_PAGE = PageWord.PAGE_BYTES / FOOTPRINT;

    private final NativeRegion region;
    private final long[] rawAddresses;

    Raw(int objects) {
      int pages = (objects + PER_PAGE - 1) / PER_PAGE;
      region = NativeRegion.reserve((long) pages * PageWord.PAGE_BYTES, true);
      rawAddresses = new long[objects];
      long[] words = new long[ZipfItem.WORDS];
      for (int i = 0; i < objects; i++) {
        long page = region.rawAddress() + (long) (i / PER_PAGE) * PageWord.PAGE_BYTES;
        long rawAddress = page + (long) (i % PER_PAGE) * FOOTPRINT + ObjectHeader.BYTES;
        rawAddresses[i] = rawAddress;
        ZipfItem.fill(words, i);
        for (int k = 0; k < ZipfItem.WORDS; k++) {
          NativeMemory.putLong(rawAddress + (long) k * Long.BYTES, words[k]);
        }
      }
    }

    @Override
    long read(int[] picks, int from, int to) {
      long[] table = rawAddresses;
      long wrong = 0;
      for (int i = from; i < to; i++) {
        int index = picks[i];
        long rawAddress = table[index];
        long sum = 0;
        for (int k = 0; k < ZipfItem.WORDS; k++) {
          sum += NativeMemory.getLong(rawAddress + (long) k * Long.BYTES);
        }
        wrong += sum == ZipfItem.sum(index) ? 0 : 1;
      }
      return wrong;
    }

    @Override
    public void close() {
      region.decommit();
    }
  }

  /** Objects of a heap of its own, read in scopes of a few dozen, as a loop over requests does. */
  static final class Far extends ZipfTable {
    private static final int READS_IN_A_SCOPE = 64;

    /** At 100 %: so much more than the footprint that the watermarks are never reached. */
    private static final double ALL_LOCAL = 1.25;

    /** Each object fetched takes new far space, and only wholly dead segments give theirs back. */
    private static final int FAR_SHARE = 4;

    /** Room for allocation buffers, however small the data. */
    private static final long ROOM = 16L << 20;

    private final FarHeap heap;
    final long[] handles;

    Far(int objects, int localPercent) {
      long footprintBytes = footprintBytes(objects);
      long localBytes =
          localPercent == 100
              ? (long) (ALL_LOCAL * footprintBytes) + ROOM
              : footprintBytes * localPercent / 100;
      heap =
          FarHeap.open(
              HeapOptions.builder()
                  .localMemoryBytes(localBytes & -PageWord.PAGE_BYTES)
                  .farMemoryBytes(FAR_SHARE * footprintBytes + ROOM)
                  .build());
      handles = new long[objects];
      boolean filled = false;
      try {
        fill();
        filled = true;
      } finally {
        if (!filled) {
          heap.close();
        }
      }
    }

    private void fill() {
      ZipfItem item = new ZipfItem(new long[ZipfItem.WORDS]);
      for (int i = 0; i < handles.length; i++) {
        ZipfItem.fill(item.words(), i);
        handles[i] = heap.handles().allocate(ZipfItem.LAYOUT, item);
      }
    }

    FarHeap heap() {
      return heap;
    }

    @Override
    long read(int[] picks, int from, int to) {
      FarHeap h = heap;
      Handles access = h.handles();
      long wrong = 0;
      for (int first = from; first < to; first += READS_IN_A_SCOPE) {
        try (DerefScope scope = h.enter()) {
          wrong += read(access, scope, picks, first, Math.min(to, first + READS_IN_A_SCOPE));
        }
      }
      return wrong;
    }

    private long read(Handles access, DerefScope scope, int[] picks, int from, int to) {
      long[] table = handles;
      long wrong = 0;
      for (int i = from; i < to; i++) {
        int index = picks[i];
        MemorySegment bytes = access.deref(scope, table[index]);
        long sum = 0;
        for (int k = 0; k < ZipfItem.WORDS; k++) {
          sum += bytes.get(JAVA_LONG_UNALIGNED, (long) k * Long.BYTES);
        }
        wrong += sum == ZipfItem.sum(index) ? 0 : 1;
      }
      return wrong;
    }

    @Override
    public void close() {
      heap.close();
    }
  }
}
