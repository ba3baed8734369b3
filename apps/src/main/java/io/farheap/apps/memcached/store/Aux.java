package io.farheap.apps.memcached.store;

import io.farheap.index.HashIndex;

/**
 * What the index knows of an item, so that neither eviction nor expiry has to bring it in.
 *
 * <pre>
 *  17        12 11      6 5     4 3       2        1       0
 * +------------+---------+-------+---------+--------+-------+
 * | last used  | expires | epoch | fetched | active | queue |   queue has 2 bits: 1 and 0,
 * +------------+---------+-------+---------+--------+-------+   the others one place higher
 * </pre>
 *
 * Last use counts in units of 64 s. Expiry is rounded up to units of 16 s or, if it is more than
 * four minutes off, of 4096 s; what is more than 17 hours off is not noted. The epoch is raised by
 * a flush: items of another one are gone.
 */
final class Aux {
  /** New, and not looked at by the clock hand yet. */
  static final int HOT = 0;

  /** Was used since the hand came by. */
  static final int WARM = 1;

  /** Goes the next time, unless it is used until then. */
  static final int COLD = 2;

  static final int QUEUE_MASK = 3;
  static final int ACTIVE = 1 << 2;
  static final int FETCHED = 1 << 3;

  static final int EPOCHS = 4;
  private static final int EPOCH_SHIFT = 4;
  private static final int EXPIRY_SHIFT = 6;
  private static final int EXPIRY_MASK = 63;
  private static final int USED_SHIFT = 12;
  private static final int USED_MASK = 63;

  private static final int USED_UNIT_SHIFT = 6;
  private static final int NEAR_UNIT_SHIFT = 4;
  private static final int FAR_UNIT_SHIFT = 12;

  /**
   * Units of each size, in a ring; one is taken from the near ones to say that nothing is noted.
   */
  private static final int NEAR_UNITS = 31;

  private static final int FAR_UNITS = 32;
  private static final int HALF_RING = 15;

  static {
    if (HashIndex.AUX_BITS < 18) {
      throw new ExceptionInInitializerError("the index has too few bits for an item");
    }
  }

  private Aux() {}

  /** Of a new item. */
  static int of(int epoch, long expirySeconds, long now) {
    return HOT
        | (epoch << EPOCH_SHIFT)
        | (expiryNote(expirySeconds, now) << EXPIRY_SHIFT)
        | (usedNote(now) << USED_SHIFT);
  }

  static int epoch(int aux) {
    return (aux >>> EPOCH_SHIFT) & (EPOCHS - 1);
  }

  static int queue(int aux) {
    return aux & QUEUE_MASK;
  }

  static int withQueue(int aux, int queue) {
    return (aux & ~(QUEUE_MASK | ACTIVE)) | queue;
  }

  static boolean active(int aux) {
    return (aux & ACTIVE) != 0;
  }

  static boolean fetched(int aux) {
    return (aux & FETCHED) != 0;
  }

  /** After a use. */
  static int used(int aux, long now) {
    return (aux & ~(USED_MASK << USED_SHIFT)) | (usedNote(now) << USED_SHIFT) | ACTIVE | FETCHED;
  }

  static int withExpiry(int aux, long expirySeconds, long now) {
    return (aux & ~(EXPIRY_MASK << EXPIRY_SHIFT))
        | (expiryNote(expirySeconds, now) << EXPIRY_SHIFT);
  }

  private static int usedNote(long now) {
    return (int) (now >>> USED_UNIT_SHIFT) & USED_MASK;
  }

  /** Seconds since the last use, to about a minute; no more than about an hour. */
  static long idleSeconds(int aux, long now) {
    int units = (usedNote(now) - (aux >>> USED_SHIFT)) & USED_MASK;
    return (long) units << USED_UNIT_SHIFT;
  }

  /** Keeps a long time from looking like a short one, as the ring of units comes round. */
  static int aged(int aux, long now) {
    int most = USED_MASK - 7;
    int units = (usedNote(now) - (aux >>> USED_SHIFT)) & USED_MASK;
    if (units <= most) {
      return aux;
    }
    int note = (usedNote(now) - most) & USED_MASK;
    return (aux & ~(USED_MASK << USED_SHIFT)) | (note << USED_SHIFT);
  }

  private static int expiryNote(long expirySeconds, long now) {
    if (expirySeconds == 0) {
      return 0;
    }
    long left = Math.max(0, expirySeconds - now);
    if (left < (long) (HALF_RING - 1) << NEAR_UNIT_SHIFT) {
      return 1 + (int) (unitsUp(Math.max(now, expirySeconds), NEAR_UNIT_SHIFT) % NEAR_UNITS);
    }
    if (left < (long) (HALF_RING - 1) << FAR_UNIT_SHIFT) {
      return 1 + NEAR_UNITS + (int) (unitsUp(expirySeconds, FAR_UNIT_SHIFT) % FAR_UNITS);
    }
    return 0;
  }

  private static long unitsUp(long seconds, int shift) {
    return (seconds + (1L << shift) - 1) >>> shift;
  }

  /** Whether an item has certainly expired; others may have too. Asked every minute or so. */
  static boolean expired(int aux, long now) {
    int note = (aux >>> EXPIRY_SHIFT) & EXPIRY_MASK;
    if (note == 0) {
      return false;
    }
    return note <= NEAR_UNITS
        ? passed(note - 1, now >>> NEAR_UNIT_SHIFT, NEAR_UNITS)
        : passed(note - 1 - NEAR_UNITS, now >>> FAR_UNIT_SHIFT, FAR_UNITS);
  }

  private static boolean passed(int place, long current, int units) {
    return Math.floorMod(current - place, units) <= HALF_RING;
  }
}
