package io.farheap.apps.load;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What was stored under each key, so that answers can be judged: one word a key, which all threads
 * change by compare-and-set.
 *
 * <pre>
 *  31            2      1      0
 * | version       | doubt | busy |
 * </pre>
 *
 * The version is the last that was sent. Busy: it is under way, and nobody else stores this key. In
 * doubt: it is not known which of the versions sent so far is there, because storing one failed, or
 * because an earlier load stored others.
 */
final class KeyStates {
  private static final int BUSY = 1;
  private static final int DOUBT = 2;
  private static final int VERSION_SHIFT = 2;
  private static final int MOST_VERSION = Integer.MAX_VALUE >>> VERSION_SHIFT;

  private final AtomicIntegerArray words;

  KeyStates(int keys) {
    words = new AtomicIntegerArray(keys);
    for (int key = 0; key < keys; key++) {
      words.setPlain(key, DOUBT);
    }
  }

  /**
   * Begins to store a key.
   *
   * @return the version to store, or 0 if somebody else is storing it
   */
  int begin(int key) {
    int word = words.get(key);
    if ((word & BUSY) != 0) {
      return 0;
    }
    int version = (word >>> VERSION_SHIFT) + 1;
    if (version > MOST_VERSION) {
      throw new LoadException("key " + key + " was stored " + MOST_VERSION + " times; start anew");
    }
    int begun = (version << VERSION_SHIFT) | (word & DOUBT) | BUSY;
    return words.compareAndSet(key, word, begun) ? version : 0;
  }

  /** Ends what {@link #begin} began; nobody else changes the word meanwhile. */
  void end(int key, boolean stored) {
    int word = words.get(key) & ~BUSY;
    words.set(key, stored ? word & ~DOUBT : word | DOUBT);
  }

  /** The oldest version that may be answered to a read that is sent now; 0 if any. */
  int oldest(int key) {
    int word = words.get(key);
    if ((word & DOUBT) != 0) {
      return 0;
    }
    return (word >>> VERSION_SHIFT) - (word & BUSY);
  }

  /** The newest version that may be answered now. */
  int newest(int key) {
    int word = words.get(key);
    int version = word >>> VERSION_SHIFT;
    // Before anything is known to be there, it may be what another load has left.
    return (word & DOUBT) != 0 ? MOST_VERSION : version;
  }
}
