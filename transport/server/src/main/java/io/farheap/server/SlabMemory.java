package io.farheap.server;

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

  /**
   * Lets the queue pairs of the slab's client reach the bytes. Called by one thread at a time, and
   * perhaps again.
   *
   * @return a description for the client; empty if there is no way
   * @throws io.farheap.transport.TransportException if the system refuses
   */
  default byte[] register() {
    return new byte[0];
  }
}
