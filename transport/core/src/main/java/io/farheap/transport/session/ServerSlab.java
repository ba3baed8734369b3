package io.farheap.transport.session;

import io.farheap.transport.slab.Slab;

/** A slab of this client on a memory server. */
public class ServerSlab extends Slab {
  private final long wireId;

  /**
   * A slab that the server has allocated.
   *
   * @param id the id by which the application knows it
   * @param wireId the id by which the server knows it
   */
  public ServerSlab(long id, long wireId) {
    super(id);
    this.wireId = wireId;
  }

  final long wireId() {
    return wireId;
  }
}
