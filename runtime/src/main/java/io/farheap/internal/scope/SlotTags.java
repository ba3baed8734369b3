package io.farheap.internal.scope;

import io.farheap.allocator.Epochs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The low byte of the thread that last leased each slot, so that a thread finds its own scopes
 * among very many: eight slots are looked at together.
 *
 * <p>Written plainly by the leasing thread, and for others only a reason to look closer.
 */
final class SlotTags {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = ONES << 7;

  private final byte[] tags = new byte[Epochs.MAX_SLOTS];

  /** The slot is leased by a thread. */
  void set(int slot, Thread thread) {
    tags[slot] = (byte) thread.threadId();
  }

  /**
   * The first slot from a given one that a thread may have leased.
   *
   * @param window slots that are in use, a power of two and at least 8
   * @return the slot, or the window if there is none
   */
  int next(Thread thread, int from, int window) {
    byte tag = (byte) thread.threadId();
    int slot = from;
    for (; slot % Long.BYTES != 0; slot++) {
      if (tags[slot] == tag) {
        return slot;
      }
    }
    long wanted = ONES * (tag & 0xFF);
    for (; slot < window; slot += Long.BYTES) {
      long different = (long) EIGHT.get(tags, slot) ^ wanted;
      // Of each byte that is zero the high bit; one above a zero may be wrong, the lowest never is.
      long same = (different - ONES) & ~different & HIGHS;
      if (same != 0) {
        return slot + Long.numberOfTrailingZeros(same) / Byte.SIZE;
      }
    }
    return window;
  }
}
