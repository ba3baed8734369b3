package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.PageWord;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Far memory as a map of pages, whose answers a test chooses. */
final class FakeFar implements PageSource {
  private record Read(long page, long rawAddress, int pages) {}

  private final Map<Long, byte[]> pages = new HashMap<>();
  private final Map<Integer, Read> reads = new TreeMap<>();

  /** What reads under way are answered. */
  WriteBack.Status answer = WriteBack.Status.DONE;

  /** Pages whose fetches were reported to be over. */
  final List<Long> fetchesEnded = new ArrayList<>();

  int started;

  void store(long page, long rawAddress) {
    byte[] bytes = new byte[PageWord.PAGE_BYTES];
    MemorySegment.ofArray(bytes).copyFrom(NativeMemory.view(rawAddress, bytes.length));
    pages.put(page, bytes);
  }

  long load(long page, int offset) {
    return MemorySegment.ofArray(pages.get(page)).get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
  }

  int underWay() {
    return reads.size();
  }

  @Override
  public void start(int slot, long farAddress, long rawAddress, int lengthBytes) {
    Read before =
        reads.put(
            slot,
            new Read(FarAddress.page(farAddress), rawAddress, lengthBytes / PageWord.PAGE_BYTES));
    if (before != null) {
      throw new AssertionError("slot " + slot + " still reads page " + before.page());
    }
    // Whoever looks before the bytes are here finds something else.
    NativeMemory.view(rawAddress, lengthBytes).fill((byte) 0x5A);
    started++;
  }

  @Override
  public void flush() {}

  @Override
  public WriteBack.Status poll(int slot) {
    if (answer == WriteBack.Status.PENDING) {
      return answer;
    }
    Read read = reads.remove(slot);
    if (answer == WriteBack.Status.DONE) {
      for (int i = 0; i < read.pages(); i++) {
        byte[] bytes = pages.get(read.page() + i);
        NativeMemory.view(read.rawAddress() + (long) i * PageWord.PAGE_BYTES, bytes.length)
            .copyFrom(MemorySegment.ofArray(bytes));
      }
    }
    return answer;
  }

  @Override
  public void fetchEnded(long page) {
    fetchesEnded.add(page);
  }
}
