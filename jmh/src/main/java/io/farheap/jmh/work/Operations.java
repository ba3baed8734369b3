package io.farheap.jmh.work;

/**
 * What a trace holds: one {@code int} an operation, the key above two bits that say what to do with
 * its object.
 */
final class Operations {
  /** Read every word. */
  static final int READ = 0;

  /** Read every word and change one in place. */
  static final int UPDATE = 1;

  /** Free the object and allocate the key's next one, of another size. */
  static final int REPLACE = 2;

  /** Most keys that a trace can name. */
  static final int MAX_KEYS = 1 << 29;

  private static final int KIND_BITS = 2;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private Operations() {}

  static int of(int kind, int key) {
    return key << KIND_BITS | kind;
  }

  static int kind(int operation) {
    return operation & KIND_MASK;
  }

  static int key(int operation) {
    return operation >>> KIND_BITS;
  }
}
