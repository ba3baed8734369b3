package io.farheap.transport.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Which slabs there are. An id is a place in the table and a counter, so that it is not used twice:
 *
 * <pre>
 *   63 62            24 23             0
 *  ┌──┬────────────────┬────────────────┐
 *  │ 0│ counter        │ place          │
 *  └──┴────────────────┴────────────────┘
 * </pre>
 *
 * <p>The table is written under this object's lock, each element with release, and read without,
 * with acquire: a slab that is seen comes with all that was written before it was added. Its array
 * is replaced to grow.
 *
 * @param <S> what is known of a slab
 */
public final class SlabTable<S extends Slab> {
  /** Most places of a table. */
  public static final int MAX_PLACES = 1 << 24;

  private static final int PLACE_BITS = 24;
  private static final int PLACE_MASK = MAX_PLACES - 1;
  private static final int FIRST_PLACES = 64;
  private static final VarHandle SLABS = MethodHandles.arrayElementVarHandle(Slab[].class);

  private final int places;
  private volatile Slab[] slabs = new Slab[FIRST_PLACES];

  // Guarded by this object's lock.
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();
  private int usedPlaces;
  private long counter;
  private int count;
  private boolean closed;

  /**
   * An empty table.
   *
   * @param places how many slabs there may be at once, at most {@link #MAX_PLACES}
   */
  public SlabTable(int places) {
    this.places = places;
  }

  /**
   * The place that an id names.
   *
   * @param id a slab id
   * @return from 0; low places are used first
   */
  public static int place(long id) {
    return (int) id & PLACE_MASK;
  }

  /**
   * Adds a slab.
   *
   * @param creation makes it, of its id; if it throws, nothing has happened
   * @return the slab, or null if all places are taken or the table is closed
   */
  public synchronized S add(LongFunction<S> creation) {
    boolean fresh = freePlaces.isEmpty();
    if (closed || (fresh && usedPlaces == places)) {
      return null;
    }
    int place = fresh ? usedPlaces : freePlaces.peek();
    Slab[] current = slabs;
    if (place == current.length) {
      current = Arrays.copyOf(current, 2 * place);
    }
    S slab = creation.apply(counter << PLACE_BITS | place);
    counter++;
    if (fresh) {
      usedPlaces++;
    } else {
      freePlaces.remove();
    }
    SLABS.setRelease(current, place, slab);
    slabs = current;
    count++;
    return slab;
  }

  /**
   * The slab of an id.
   *
   * @param id any number
   * @return the slab, or null if there is none
   */
  @SuppressWarnings("unchecked") // Only add() writes elements.
  public S find(long id) {
    Slab[] current = slabs;
    int place = place(id);
    Slab slab = place < current.length ? (Slab) SLABS.getAcquire(current, place) : null;
    return slab != null && slab.id() == id ? (S) slab : null;
  }

  /**
   * Removes a slab, which is released by that.
   *
   * @param slab a slab of this table
   * @return false if it is not there any more
   */
  public boolean remove(S slab) {
    return remove(slab, removed -> {});
  }

  /**
   * As {@link #remove(Slab)}.
   *
   * @param slab a slab of this table
   * @param last what is done to the slab before its place can be another one's
   * @return false if it is not there any more
   */
  @SuppressWarnings("ReferenceEquality") // Each slab is one of its own.
  public synchronized boolean remove(S slab, Consumer<S> last) {
    if (find(slab.id()) != slab) {
      return false;
    }
    slab.release();
    int place = place(slab.id());
    SLABS.setRelease(slabs, place, null);
    last.accept(slab);
    freePlaces.add(place);
    count--;
    return true;
  }

  /**
   * The slabs of this moment.
   *
   * @return a list of them
   */
  @SuppressWarnings("unchecked") // Only add() writes elements.
  public synchronized List<S> all() {
    List<S> all = new ArrayList<>(count);
    for (Slab slab : slabs) {
      if (slab != null) {
        all.add((S) slab);
      }
    }
    return all;
  }

  /**
   * How many slabs there are.
   *
   * @return a count, of lost ones too
   */
  public synchronized int count() {
    return count;
  }

  /**
   * Removes all slabs, for good: none is added afterwards.
   *
   * @return the slabs that there were, released
   */
  public synchronized List<S> close() {
    closed = true;
    List<S> all = all();
    all.forEach(Slab::release);
    slabs = new Slab[0];
    count = 0;
    return all;
  }
}
