package io.farheap.transport.simulation;

import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * What happens when, all on one thread and all from one seed. Time passes only here: from one event
 * to the next, and a little with each reading of a {@link SkewedClock}.
 *
 * <p>Who has to wait inside an event lets the world go on by {@link #passUntil}, so events may run
 * inside events: the one that waits is as a thread that gets no processor meanwhile.
 */
final class World {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  /** A simulation that needs more events goes round in circles. */
  private static final int MOST_EVENTS = 2_000_000;

  private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atNanos == other.atNanos
          ? Long.compare(number, other.number)
          : Long.compare(atNanos, other.atNanos);
    }
  }

  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private long nowNanos;
  private int drawn;
  private AssertionError failure;

  World(long seed) {
    // Seeds that follow each other begin alike in this class unless they are mixed.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  long now() {
    return nowNanos;
  }

  /** A little time passes, as it does while code runs. */
  void tick() {
    nowNanos += MICRO;
  }

  void after(long nanos, Runnable action) {
    events.add(new Event(nowNanos + nanos, drawn++, action));
  }

  /** Lets happen what happens until then. */
  void passUntil(long untilNanos) {
    while (!events.isEmpty() && events.peek().atNanos() <= untilNanos) {
      Event next = events.poll();
      nowNanos = Math.max(nowNanos, next.atNanos());
      if (drawn > MOST_EVENTS) {
        throw fail("the simulation does not come to an end");
      }
      next.action().run();
      if (failure != null) {
        throw failure;
      }
    }
    nowNanos = Math.max(nowNanos, untilNanos);
  }

  /** True once in so many times. */
  boolean chance(int times) {
    return random.nextInt(times) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long between(long low, long high) {
    return random.nextLong(low, high + 1);
  }

  /** From low to high, with small numbers as likely as large ones. */
  long skewed(long low, long high) {
    return Math.round(low * Math.pow((double) high / low, random.nextDouble()));
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  /** A promise is broken. Remembered, since what is thrown may be caught by who is tested. */
  AssertionError fail(String what) {
    if (failure == null) {
      failure = new AssertionError(what + " (at " + nowNanos / MICRO + " µs)");
    }
    throw failure;
  }

  void require(boolean right, String what) {
    if (!right) {
      throw fail(what);
    }
  }
}
