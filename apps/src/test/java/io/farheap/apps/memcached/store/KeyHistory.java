package io.farheap.apps.memcached.store;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What happened to one key, in rounds between which nothing was under way, and whether it can have
 * happened one after the other: the search of Wing and Gong, with a memory of what it tried. Where
 * there is eviction, an item may vanish at any moment.
 */
final class KeyHistory {
  private static final BigInteger LIMIT = BigInteger.TWO.pow(64);

  /** An item, or that there is none. */
  record State(String value, long cas) {
    static final State ABSENT = new State(null, 0);

    boolean absent() {
      return value == null;
    }
  }

  enum Kind {
    GET,
    SET,
    ADD,
    CAS,
    INCR,
    APPEND,
    DELETE
  }

  /**
   * An operation and its answer.
   *
   * @param text the value stored or joined; of a GET the one that came
   * @param cas of a GET and of what is stored; of CAS the new one
   * @param wanted the CAS unique that a CAS asks for; what INCR adds
   */
  record Event(
      Kind kind,
      Outcome outcome,
      String text,
      long cas,
      long wanted,
      long startNanos,
      long endNanos) {

    /** The state after the event, if the event can have happened in a state; otherwise null. */
    State after(State state) {
      if (outcome == Outcome.UNAVAILABLE || outcome == Outcome.NO_MEMORY) {
        return kind == Kind.SET ? State.ABSENT : state;
      }
      return switch (kind) {
        case GET ->
            outcome == Outcome.HIT
                ? (text.equals(state.value) && cas == state.cas ? state : null)
                : (state.absent() ? state : null);
        case SET -> new State(text, cas);
        case ADD ->
            outcome == Outcome.STORED
                ? (state.absent() ? new State(text, cas) : null)
                : (state.absent() ? null : state);
        case CAS ->
            switch (outcome) {
              case STORED -> !state.absent() && state.cas == wanted ? new State(text, cas) : null;
              case EXISTS -> !state.absent() && state.cas != wanted ? state : null;
              default -> state.absent() ? state : null;
            };
        case INCR ->
            switch (outcome) {
              case HIT ->
                  !state.absent() && text.equals(sum(state.value))
                      ? new State(padded(text, state.value.length()), cas)
                      : null;
              case NOT_A_NUMBER -> !state.absent() && sum(state.value) == null ? state : null;
              default -> state.absent() ? state : null;
            };
        case APPEND ->
            outcome == Outcome.STORED
                ? (state.absent() ? null : new State(state.value + text, cas))
                : (state.absent() ? state : null);
        case DELETE ->
            outcome == Outcome.HIT
                ? (state.absent() ? null : State.ABSENT)
                : (state.absent() ? state : null);
      };
    }

    /** An item keeps its length when its number becomes shorter. */
    private static String padded(String text, int length) {
      return text + " ".repeat(Math.max(0, length - text.length()));
    }

    /** Null if it is no number of 64 bits. */
    private String sum(String value) {
      BigInteger number = new BigInteger(value.split(" ", 2)[0]);
      return value.length() > 20 || number.compareTo(LIMIT) >= 0
          ? null
          : number.add(BigInteger.valueOf(wanted)).mod(LIMIT).toString();
    }
  }

  private final boolean mayVanish;
  private Set<State> states = Set.of(State.ABSENT);

  KeyHistory(boolean mayVanish) {
    this.mayVanish = mayVanish;
  }

  /**
   * Adds a round.
   *
   * @return false if there is no order in which it can have happened
   */
  boolean add(List<Event> round) {
    Set<State> ends = new HashSet<>();
    Set<Node> tried = new HashSet<>();
    List<Node> open = new ArrayList<>();
    states.forEach(state -> open.add(new Node(0, state)));
    long all = (1L << round.size()) - 1;
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (!tried.add(node)) {
        continue;
      }
      if (node.done == all) {
        ends.add(node.state);
      }
      if (mayVanish && !node.state.absent()) {
        open.add(new Node(node.done, State.ABSENT));
      }
      long firstEnd = Long.MAX_VALUE;
      for (int i = 0; i < round.size(); i++) {
        if ((node.done & (1L << i)) == 0) {
          firstEnd = Math.min(firstEnd, round.get(i).endNanos);
        }
      }
      for (int i = 0; i < round.size(); i++) {
        Event event = round.get(i);
        if ((node.done & (1L << i)) == 0 && event.startNanos <= firstEnd) {
          State after = event.after(node.state);
          if (after != null) {
            open.add(new Node(node.done | (1L << i), after));
          }
        }
      }
    }
    states = ends;
    return !ends.isEmpty();
  }

  private record Node(long done, State state) {}
}
