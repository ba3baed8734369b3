package io.farheap.transport.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A presence over links that do as the test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresenceTest {
  private final AtomicInteger connects = new AtomicInteger();
  private final AtomicInteger detaches = new AtomicInteger();
  private final AtomicInteger attaches = new AtomicInteger();
  private volatile int errors;
  private final Presence presence =
      new Presence(
          "test",
          new ServerAddress("nowhere", 1),
          Surroundings.THIS_PROCESS,
          new Presence.Links() {
            @Override
            public void connect() throws IOException {
              if (connects.incrementAndGet() <= errors) {
                throw new StackOverflowError("on purpose");
              }
              begin();
            }

            @Override
            public void detach(Throwable cause) {
              detaches.incrementAndGet();
            }
          });

  private long begin() {
    long next = presence.nextSession();
    presence.install(next, attaches::incrementAndGet);
    return next;
  }

  /** Waits for what must happen; the test's own limit ends it otherwise. */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static void never() {
    throw new AssertionError("nobody is away");
  }

  @Test
  void onlyTheSessionThatStandsIsLostAndTheNextOneBegins() {
    long first = begin();
    assertTrue(presence.isPresent());
    presence.lost(first - 1, new LinkFailure("too late"));
    assertEquals(0, connects.get());
    presence.lost(first, new LinkFailure("lost"));
    await(presence::isPresent);
    assertEquals(2, attaches.get());
    presence.lost(first, new LinkFailure("too late"));
    assertTrue(presence.round(PresenceTest::never));
  }

  /** Ended links are detached again before others take their places. */
  @Test
  void aRoundGoesOnWhereAnErrorHasEndedTheConnecting() {
    long first = begin();
    errors = 2;
    presence.lost(first, new LinkFailure("lost"));
    AtomicInteger rounds = new AtomicInteger();
    await(() -> presence.round(rounds::incrementAndGet));
    assertTrue(rounds.get() > 0);
    assertEquals(3, connects.get());
    assertEquals(3, detaches.get());
    assertTrue(presence.isPresent());
  }

  @Test
  void nothingBeginsAfterTheEnd() {
    presence.close(() -> assertFalse(presence.isPresent()));
    assertFalse(presence.install(presence.nextSession(), PresenceTest::never));
    presence.connectInBackground();
    assertEquals(0, connects.get());
  }
}
