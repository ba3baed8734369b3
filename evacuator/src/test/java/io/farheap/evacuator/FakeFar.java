package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FarPages;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Far memory as a map of pages, whose answers a test chooses. */
final class FakeFar implements FarPages {
  private record Read(long page, long rawAddress, int pages) {}

  private final Map<Long, byte[]> pages = new HashMap<>();
  private int underWay;

  /** What reads under way are answered. */
  PageTrip.Status answer = PageTrip.Status.DONE;

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

  /** Turns bits of the word at an offset of a page over. */
  void damage(long page, int offset, long bits) {
    MemorySegment.ofArray(pages.get(page))
        .set(ValueLayout.JAVA_LONG_UNALIGNED, offset, load(page, offset) ^ bits);
  }

  int underWay() {
    return underWay;
  }

  @Override
  public PageTrip trip() {
    return new Trip();
  }

  private final class Trip implements PageTrip {
    private Read under;
    private Status status = Status.FAILED;

    @Override
    public void read(long farAddress, long rawAddress, int lengthBytes) {
      if (under != null) {
        throw new AssertionError("page " + under.page() + " is still being read");
      }
      under = new Read(FarAddress.page(farAddress), rawAddress, lengthBytes / PageWord.PAGE_BYTES);
      // Whoever looks before the bytes are here finds something else.
      NativeMemory.view(rawAddress, lengthBytes).fill((byte) 0x5A);
      started++;
      underWay++;
    }

    @Override
    public void write(long farAddress, long rawAddress, int lengthBytes) {
      for (int at = 0; at < lengthBytes; at += PageWord.PAGE_BYTES) {
        store(FarAddress.page(farAddress + at), rawAddress + at);
      }
      status = Status.DONE;
    }

    @Override
    public Status poll() {
      return under != null && answer == Status.PENDING ? Status.PENDING : end();
    }

    @Override
    public Status end() {
      if (under != null) {
        status = answer == Status.DONE ? Status.DONE : Status.FAILED;
        if (status == Status.DONE) {
          land(under);
        }
        under = null;
        underWay--;
      }
      return status;
    }
  }

  private void land(Read read) {
    for (int i = 0; i < read.pages(); i++) {
      byte[] bytes = pages.get(read.page() + i);
      NativeMemory.view(read.rawAddress() + (long) i * PageWord.PAGE_BYTES, bytes.length)
          .copyFrom(MemorySegment.ofArray(bytes));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void fetchEnded(long page) {
    fetchesEnded.add(page);
  }
}
