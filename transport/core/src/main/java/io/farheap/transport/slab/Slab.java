package io.farheap.transport.slab;

/**
 * A slab of this process.
 *
 * <pre>
 *   usable ──release()──► released       both may come, in any order, and neither goes again
 *     └──────lose()─────► lost
 * </pre>
 *
 * <p>Who takes a slab away changes its state before anything happens to its bytes. So a copy that
 * finds it usable afterwards has touched the slab's own bytes.
 */
public class Slab {
  private static final int USABLE = 0;
  private static final int RELEASED = 1;
  private static final int LOST = 2;

  private final long id;

  /** Bits; written under this object's lock. */
  private volatile int state = USABLE;

  /**
   * A usable slab.
   *
   * @param id the id by which the application knows it
   */
  public Slab(long id) {
    this.id = id;
  }

  /**
   * The id by which the application knows it.
   *
   * @return 0 or more
   */
  public final long id() {
    return id;
  }

  /**
   * Whether its bytes are there.
   *
   * @return true until it is released or lost
   */
  public final boolean isUsable() {
    return state == USABLE;
  }

  /**
   * Whether its bytes were gone for good before anybody could release it.
   *
   * @return true once it is lost
   */
  public final boolean isLost() {
    return (state & LOST) != 0;
  }

  /** Whoever had it has given it back. */
  public final synchronized void release() {
    state |= RELEASED;
  }

  /** Its bytes are gone. */
  public final synchronized void lose() {
    state |= LOST;
  }
}
