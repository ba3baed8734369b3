package io.farheap.rdma.fabric;

import io.farheap.transport.TransportException;

/**
 * A protection domain of one device: its queue pairs reach what is registered in it, and nothing
 * else.
 */
public interface Domain extends AutoCloseable {

  /** Who may touch registered memory. */
  enum Access {
    /** Requests of this process only, as the local side of a transfer. */
    LOCAL,
    /** The peers of the domain's queue pairs too: read, write and atomics. */
    REMOTE
  }

  /**
   * Registers memory, which keeps it in place.
   *
   * @param rawAddress first byte; must stay valid until the registration is closed
   * @param lengthBytes bytes, more than 0
   * @param access who may touch it
   * @return the registration
   * @throws TransportException if the system refuses, for example for the limit of locked memory
   */
  Registration register(long rawAddress, long lengthBytes, Access access);

  /** Gives the domain back; its queue pairs and registrations were closed before. */
  @Override
  void close();
}
