package io.farheap.index;

import io.farheap.base.memory.NativeMemory;

/**
 * Layout of a bucket and of an overflow node: one cache line each.
 *
 * <pre>
 *  0         4            24                          64
 * +---------+--- - - ----+--------- - - - -----------+
 * | control |  5 words   |  5 handles                |
 * +---------+--- - - ----+--------- - - - -----------+
 *
 *  control: 31      3   2         1        0
 *          +---------+---------+--------+--------+
 *          | version | chained | moving | locked |
 *          +---------+---------+--------+--------+
 *
 *  word: 31    18 17    0
 *       +--------+-------+
 *       |  tag   |  aux  |
 *       +--------+-------+
 * </pre>
 *
 * A slot whose handle is 0 is empty. In a chained node the last handle is the number of the next
 * node. Only the control of a bucket, not of its overflow nodes, has lock, moving and version.
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>All changes are made by whoever set LOCKED by compare-and-set, but for the aux bits, which
 *       anybody may change by compare-and-set of the whole word.
 *   <li>An entry changes its slot, and a node comes or goes, only while MOVING is set, and the
 *       version is raised before MOVING is cleared. A reader that found nothing looks whether
 *       either has changed since it began, and if so starts over; one that found an entry needs no
 *       such look, since handles are never used twice.
 *   <li>A slot's handle is stored before its word (release), and the word is loaded before the
 *       handle (acquire): who sees a new word sees its handle.
 * </ul>
 */
final class Bucket {
  static final int BYTES = 64;
  static final int SHIFT = 6;
  static final int SLOTS = 5;
  static final int LAST_SLOT = SLOTS - 1;

  static final int LOCKED = 1;
  static final int MOVING = 1 << 1;
  static final int CHAINED = 1 << 2;
  private static final int VERSION_STEP = 1 << 3;

  static final int AUX_BITS = 18;
  static final int TAG_BITS = Integer.SIZE - AUX_BITS;
  static final int AUX_MASK = (1 << AUX_BITS) - 1;

  private static final int WORDS_AT = Integer.BYTES;
  private static final int HANDLES_AT = WORDS_AT + SLOTS * Integer.BYTES;

  private Bucket() {}

  static long wordAddress(long node, int slot) {
    return node + WORDS_AT + (long) slot * Integer.BYTES;
  }

  static long handleAddress(long node, int slot) {
    return node + HANDLES_AT + (long) slot * Long.BYTES;
  }

  static int control(long node) {
    return NativeMemory.getInt(node);
  }

  static long handle(long node, int slot) {
    return NativeMemory.getLong(handleAddress(node, slot));
  }

  static int word(long node, int slot) {
    return NativeMemory.getInt(wordAddress(node, slot));
  }

  static boolean chained(int control) {
    return (control & CHAINED) != 0;
  }

  static boolean moving(int control) {
    return (control & MOVING) != 0;
  }

  static boolean locked(int control) {
    return (control & LOCKED) != 0;
  }

  /** Whether nothing moved between two readings of a control. */
  static boolean same(int control, int later) {
    return ((control ^ later) & ~LOCKED) == 0;
  }

  /** Control with another version, and not moving. */
  static int moved(int control) {
    return (control & ~MOVING) + VERSION_STEP;
  }

  /** Number of slots that may hold entries. */
  static int slots(int control) {
    return chained(control) ? LAST_SLOT : SLOTS;
  }

  static void store(long node, int slot, long handle, int word) {
    NativeMemory.putLong(handleAddress(node, slot), handle);
    NativeMemory.putIntRelease(wordAddress(node, slot), word);
  }

  static void clear(long node, int slot) {
    NativeMemory.putLongRelease(handleAddress(node, slot), 0);
  }

  static int wordOf(int tag, int aux) {
    return (tag << AUX_BITS) | aux;
  }

  static int tag(int word) {
    return word >>> AUX_BITS;
  }
}
