package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.apps.memcached.store.KeyHistory.Event;
import io.farheap.apps.memcached.store.KeyHistory.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker of histories can tell right ones from wrong ones. */
class KeyHistoryTest {
  private static Event set(String text, long cas, long start, long end) {
    return new Event(Kind.SET, Outcome.STORED, text, cas, 0, start, end);
  }

  private static Event hit(String text, long cas, long start, long end) {
    return new Event(Kind.GET, Outcome.HIT, text, cas, 0, start, end);
  }

  private static Event miss(long start, long end) {
    return new Event(Kind.GET, Outcome.MISS, null, 0, 0, start, end);
  }

  @Test
  void anItemMayVanishButNotComeBack() {
    assertTrue(new KeyHistory(true).add(List.of(set("1", 1, 0, 1), miss(2, 3))));
    assertFalse(new KeyHistory(false).add(List.of(set("1", 1, 0, 1), miss(2, 3))));
    assertFalse(
        new KeyHistory(true).add(List.of(set("1", 1, 0, 1), miss(2, 3), hit("1", 1, 4, 5))));
  }

  @Test
  void anOldValueIsWrongAfterANewOneAndRightBesideIt() {
    assertFalse(
        new KeyHistory(true).add(List.of(set("1", 1, 0, 1), set("2", 2, 2, 3), hit("1", 1, 4, 5))));
    assertTrue(
        new KeyHistory(true).add(List.of(set("1", 1, 0, 1), set("2", 2, 2, 5), hit("1", 1, 4, 5))));
  }

  @Test
  void aCountIsNotCountedTwice() {
    Event one = new Event(Kind.INCR, Outcome.HIT, "6", 2, 1, 2, 5);
    Event other = new Event(Kind.INCR, Outcome.HIT, "6", 3, 1, 2, 5);
    Event right = new Event(Kind.INCR, Outcome.HIT, "7", 3, 1, 2, 5);
    assertFalse(new KeyHistory(true).add(List.of(set("5", 1, 0, 1), one, other)));
    assertTrue(new KeyHistory(true).add(List.of(set("5", 1, 0, 1), one, right)));
  }

  @Test
  void onlyOneOfTwoSwapsIsRight() {
    Event one = new Event(Kind.CAS, Outcome.STORED, "8", 2, 1, 2, 5);
    Event other = new Event(Kind.CAS, Outcome.STORED, "9", 3, 1, 2, 5);
    assertFalse(new KeyHistory(true).add(List.of(set("5", 1, 0, 1), one, other)));
  }

  @Test
  void whatARoundLeavesHoldsInTheNext() {
    KeyHistory history = new KeyHistory(true);
    assertTrue(history.add(List.of(set("1", 1, 0, 1))));
    assertTrue(history.add(List.of(hit("1", 1, 2, 3))));
    assertFalse(history.add(List.of(hit("2", 2, 4, 5))));
  }
}
