package io.farheap.base.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentRunnerTest {
  private static AgentRunner untilWoken(Agent agent) {
    return new AgentRunner("test-agents", List.of(agent), () -> AgentRunner.UNTIL_WOKEN);
  }

  /** Each round begins when the last one's work is done, so that the thread often falls asleep. */
  @Test
  void noWorkWaitsForASleeper() {
    AtomicLong wanted = new AtomicLong();
    AtomicLong done = new AtomicLong();
    try (AgentRunner runner =
        untilWoken(
            () -> {
              int work = (int) (wanted.get() - done.get());
              done.addAndGet(work);
              return work;
            })) {
      runner.start();
      for (int round = 1; round <= 20_000; round++) {
        wanted.incrementAndGet();
        runner.wake();
        while (done.get() < round) {
          Thread.onSpinWait();
        }
        for (int spins = round % 200; spins > 0; spins--) {
          Thread.onSpinWait();
        }
      }
    }
    assertEquals(20_000, done.get());
  }

  /** The work comes just after an agent has looked for it: at any step on the way to sleep. */
  @Test
  void workThatComesAfterALookIsSeenBeforeTheSleep() {
    for (int last = 1; last <= 100; last++) {
      int comesAt = last;
      AtomicInteger steps = new AtomicInteger();
      AtomicBoolean pending = new AtomicBoolean();
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<AgentRunner> self = new AtomicReference<>();
      try (AgentRunner runner =
          untilWoken(
              () -> {
                if (pending.compareAndSet(true, false)) {
                  done.set(true);
                  return 1;
                }
                if (steps.incrementAndGet() == comesAt) {
                  pending.set(true);
                  self.get().wake();
                }
                return 0;
              })) {
        self.set(runner);
        runner.start();
        while (!done.get()) {
          if (steps.get() < comesAt) {
            runner.wake(); // asleep before it came so far
          }
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void aStepThatFailsIsNotTheLast() {
    AtomicReference<String> later = new AtomicReference<>();
    AtomicBoolean failed = new AtomicBoolean();
    try (AgentRunner runner =
        untilWoken(
            () -> {
              if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("as the test wants");
              }
              later.set(Thread.currentThread().getName());
              return 0;
            })) {
      runner.start();
      while (later.get() == null) {
        Thread.onSpinWait();
      }
      assertEquals("test-agents", later.get());
    }
  }

  @Test
  void closingWakesAndEndsTheThread() {
    AtomicInteger steps = new AtomicInteger();
    AgentRunner runner = untilWoken(() -> steps.incrementAndGet() * 0);
    runner.start();
    runner.close();
    int after = steps.get();
    assertEquals(0, runner.step());
    assertEquals(after + 1, steps.get(), "what is closed may still be stepped, by who asks for it");
  }

  @Test
  void whoWaitsStepsAllAgentsInTheirOrderButNotFromInside() {
    List<String> order = new ArrayList<>();
    List<AgentRunner> self = new ArrayList<>();
    AgentRunner runner =
        new AgentRunner(
            List.of(
                () -> {
                  order.add("first");
                  return 2 + self.getFirst().step();
                }));
    self.add(runner);
    runner.add(
        () -> {
          order.add("second");
          return 1;
        });
    runner.start();
    assertEquals(3, runner.step());
    assertEquals(List.of("first", "second"), order);
    runner.close();
  }

  @Test
  void oneThreadAtATimeSteps() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AgentRunner runner =
        new AgentRunner(
            List.of(
                () -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.onSpinWait();
                  inside.decrementAndGet();
                  return 1;
                }));
    List<Thread> threads = new ArrayList<>();
    AtomicInteger steps = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 20_000; round++) {
                      steps.addAndGet(runner.step());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(1, most.get());
    assertNotEquals(0, steps.get());
    assertTrue(steps.get() <= 80_000);
  }

  /** It might have to wait inside the step, and nobody else could step meanwhile. */
  @Test
  void aVirtualThreadLeavesTheStepToTheAgentsOwnThread() throws InterruptedException {
    AtomicBoolean wanted = new AtomicBoolean();
    AtomicReference<Thread> worker = new AtomicReference<>();
    try (AgentRunner runner =
        untilWoken(
            () -> {
              if (!wanted.compareAndSet(true, false)) {
                return 0;
              }
              worker.set(Thread.currentThread());
              return 1;
            })) {
      runner.start();
      Thread helper =
          Thread.ofVirtual()
              .start(
                  () -> {
                    wanted.set(true);
                    assertEquals(0, runner.step());
                  });
      helper.join();
      while (worker.get() == null) {
        Thread.onSpinWait();
      }
    }
    assertEquals("test-agents", worker.get().getName());
  }

  @Test
  void aVirtualThreadStepsAgentsThatHaveNoThread() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    try (AgentRunner runner = new AgentRunner(List.of(steps::incrementAndGet))) {
      Thread.ofVirtual().start(runner::step).join();
    }
    assertEquals(1, steps.get());
  }
}
