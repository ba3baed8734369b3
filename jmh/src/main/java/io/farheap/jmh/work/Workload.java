package io.farheap.jmh.work;

/**
 * A stream of operations on objects that are known by keys, cut into windows. Equal parameters and
 * seed give the same stream, so that several heaps and a simulation can be compared on it.
 */
public abstract class Workload {
  private final String name;
  private final int keys;
  private final int operationsInWindow;
  private final int windowsInPeriod;

  /**
   * Starts a stream.
   *
   * @param name the word in the names of figures
   * @param keys how many keys there are
   * @param operationsInWindow operations of a window
   * @param windowsInPeriod after so many windows the stream is in the same phase again
   */
  protected Workload(String name, int keys, int operationsInWindow, int windowsInPeriod) {
    this.name = name;
    this.keys = keys;
    this.operationsInWindow = operationsInWindow;
    this.windowsInPeriod = windowsInPeriod;
  }

  /** The word in the names of figures. */
  public final String name() {
    return name;
  }

  /**
   * How many keys there are, each with one object at any time. Their first objects are allocated in
   * the order of the keys.
   */
  public final int keys() {
    return keys;
  }

  /** Operations of a window. */
  public final int operationsInWindow() {
    return operationsInWindow;
  }

  /** After so many windows the stream is in the same phase again. */
  public final int windowsInPeriod() {
    return windowsInPeriod;
  }

  /**
   * The size of an object.
   *
   * @param key whose it is
   * @param generation how many objects the key had before
   * @return bytes of its body, a multiple of 8
   */
  public abstract int bytes(int key, int generation);

  /** Overwrites an array with the next window, see {@link Operations}. */
  public abstract void next(int[] operations);
}
