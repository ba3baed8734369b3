package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrewTest {
  private final Crew crew = new Crew(3, share -> {});

  @Test
  void everyThreadWorksOnce() {
    AtomicInteger threads = new AtomicInteger();
    crew.run((thread, step) -> threads.getAndAdd(1 << (Byte.SIZE * thread)), () -> 0);
    assertEquals(0x010101, threads.get());
  }

  @Test
  void aFailureEndsTheStepForAllAndComesOut() {
    RuntimeException failure = new IllegalStateException("on purpose");
    RuntimeException seen =
        assertThrows(
            IllegalStateException.class,
            () ->
                crew.run(
                    (thread, step) -> {
                      if (thread == 1) {
                        throw failure;
                      }
                      while (!step.isOver()) {
                        Thread.onSpinWait();
                      }
                    },
                    () -> 0));
    assertSame(failure, seen);
  }
}
