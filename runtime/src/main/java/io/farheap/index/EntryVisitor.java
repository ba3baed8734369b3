package io.farheap.index;

/** Looks at entries while the index is swept, and says what becomes of them. */
public interface EntryVisitor {
  /** Answer of {@link #visit} that takes the entry out, unless its aux bits change meanwhile. */
  int REMOVE = -1;

  /**
   * Looks at an entry, without any lock.
   *
   * @param handle of an entry that was in the index a moment ago
   * @param aux its aux bits
   * @return the aux bits that it gets, or {@link #REMOVE}
   */
  int visit(long handle, int aux);

  /**
   * Told once for each entry that {@link #visit} took out and that nobody else did before.
   *
   * @param handle no longer in the index
   * @param aux its last aux bits
   */
  void removed(long handle, int aux);
}
