package io.farheap.transport.mapped;

/** A slab with its bytes in this process. */
public interface Mapped {
  /**
   * Where its bytes are.
   *
   * @return raw address of the first; mapped as long as this object is reachable
   */
  long rawAddress();
}
