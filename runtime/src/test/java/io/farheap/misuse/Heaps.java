package io.farheap.misuse;

import io.farheap.FarHeap;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** Small heaps and other threads for the tests of misuse. */
final class Heaps {
  /** Least local memory that a heap takes. */
  static final int LOCAL_BYTES = 2 << 20;

  /** An object that fills a page. */
  static final int PAGE_BODY = 4088;

  private Heaps() {}

  /** Options of a heap that depends on nothing outside the test. */
  static HeapOptionsBuilder options() {
    return HeapOptions.builder()
        .isolated()
        .localMemoryBytes(LOCAL_BYTES)
        .farMemory("64MiB")
        .slabSizeBytes(1 << 20)
        .frameWaitTimeout(Duration.ofSeconds(20))
        .hugePages(false);
  }

  /** A heap of 2 MiB of local memory. */
  static FarHeap small() {
    return FarHeap.open(options().build());
  }

  /** A page's worth of bytes that say which object they are. */
  static byte[] page(int id) {
    byte[] bytes = new byte[PAGE_BODY];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (id * 31 + i);
    }
    return bytes;
  }

  /** What a call throws, or null, on a thread of its own. */
  static Throwable thrownElsewhere(Callable<?> call) {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    call.call();
                  } catch (Throwable t) {
                    thrown.set(t);
                  }
                });
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return thrown.get();
  }
}
