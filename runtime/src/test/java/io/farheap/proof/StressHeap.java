package io.farheap.proof;

import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A heap on a tiny budget with many more objects than fit, so that everything keeps moving. */
final class StressHeap implements AutoCloseable {
  static final long SEED = Long.getLong("farheap.seed", 4711);

  /** Longer than any thread is kept from the processor. */
  static final Duration LONG = Duration.ofSeconds(30);

  private static final int FILLERS = 24_000;

  final TestHeap heap;
  private final List<UniquePtr<byte[]>> fillers = new ArrayList<>();

  StressHeap(Mode mode, String locator, Duration frameWait, Duration transportTimeout) {
    HeapOptions options =
        TestHeap.smallHeap()
            .farMemoryBytes(256L << 20)
            .farLocator(locator)
            .mode(mode)
            .frameWaitTimeout(frameWait)
            .transportTimeout(transportTimeout)
            .build();
    this.heap = new TestHeap(options);
    for (int i = 0; i < FILLERS; i++) {
      fillers.add(heap.allocate(StressContent.bytes(i, 0)));
    }
  }

  static StressHeap of(Mode mode) {
    return new StressHeap(mode, "embedded:", LONG, LONG);
  }

  /** An object whose content names its own handle. */
  long named() {
    return named(StressContent.BYTES);
  }

  /** A larger one, with the same content at its beginning. */
  long named(int lengthBytes) {
    long handle = heap.handles().allocate(lengthBytes);
    heap.handles().write(handle, 0, MemorySegment.ofArray(StressContent.bytes(handle, 1)));
    return handle;
  }

  /** Reads objects that nobody else may need, so that others have to go. */
  void stir(SplittableRandom random, int objects) {
    for (int i = 0; i < objects; i++) {
      int filler = random.nextInt(FILLERS);
      StressContent.check(fillers.get(filler).get(), filler, "filler");
    }
  }

  /** Recounts everything; {@code others} live beside the fillers. */
  void audit(List<HeapAudit.Expected> others) {
    List<HeapAudit.Expected> live = new ArrayList<>(others);
    for (UniquePtr<byte[]> filler : fillers) {
      live.add(new HeapAudit.Expected(filler.handle(), StressContent.BYTES, 1));
    }
    HeapAudit.atRest(
        heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
  }

  @Override
  public void close() {
    heap.close();
  }
}
