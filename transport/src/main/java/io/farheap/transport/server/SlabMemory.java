package io.farheap.transport.server;

/** The bytes of one slab, from a {@link SlabBacking}. */
public interface SlabMemory {

  /**
   * Where the bytes are in this process.
   *
   * @return raw address of the first byte; valid until the memory is given back
   */
  long rawAddress();

  /**
   * Where a client on the same machine can map the bytes itself.
   *
   * @return a description for such a client; empty if there is no way
   */
  default byte[] descriptor() {
    return new byte[0];
  }
}
