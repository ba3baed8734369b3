package io.farheap.jmh.work;

/**
 * A stream of operations on objects that are known by keys, cut into windows. Equal parameters and
 * seed give the same stream, so that several heaps and a simulation can be compared on it.
 */
public interface Workload {
  /** The word in the names of figures. */
  String name();

  /** How many keys there are, each with one object at any time. */
  int keys();

  /**
   * The size of an object.
   *
   * @param key whose it is
   * @param generation how many objects the key had before
   * @return bytes of its body, a multiple of 8
   */
  int bytes(int key, int generation);

  /**
   * The order in which the first objects are allocated.
   *
   * @return the key that comes at a position
   */
  int keyAt(int position);

  /** Operations of a window. */
  int operationsInWindow();

  /** After so many windows the stream is in the same phase again. */
  int windowsInPeriod();

  /** Overwrites an array with the next window, see {@link Operations}. */
  void next(int[] operations);
}
