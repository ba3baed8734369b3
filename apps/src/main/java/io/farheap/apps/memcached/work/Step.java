package io.farheap.apps.memcached.work;

/** What came of one try to carry a command out. Counts of bytes that it used are above 0. */
public final class Step {
  /** The command is not there in full. */
  public static final int MORE = 0;

  /** It would wait for far memory; nothing was done that a second try would do again. */
  public static final int WAIT = -1;

  /** The client must take its replies first. */
  public static final int BLOCKED = -2;

  /** The connection ends, and nothing is replied any more. */
  public static final int CLOSE = -3;

  private Step() {}
}
