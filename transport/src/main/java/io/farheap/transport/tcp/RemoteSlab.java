package io.farheap.transport.tcp;

/** A slab of this client on some server. */
public final class RemoteSlab {
  private final long id;
  private final RemoteServer server;
  private final long wireId;
  private final byte[] where;
  private volatile boolean lost;
  private volatile Object attachment;

  RemoteSlab(long id, RemoteServer server, long wireId, byte[] where) {
    this.id = id;
    this.server = server;
    this.wireId = wireId;
    this.where = where;
  }

  /**
   * The id by which the application knows it.
   *
   * @return 0 or more
   */
  public long id() {
    return id;
  }

  RemoteServer server() {
    return server;
  }

  /** The id by which the server knows it. */
  long wireId() {
    return wireId;
  }

  /**
   * Where a client on the server's machine can map it.
   *
   * @return what the server said; empty if nowhere
   */
  public byte[] where() {
    return where.clone();
  }

  /**
   * What another provider keeps with the slab.
   *
   * @return the attachment, or null
   */
  public Object attachment() {
    return attachment;
  }

  /**
   * Keeps something with the slab.
   *
   * @param object anything
   */
  public void attachment(Object object) {
    attachment = object;
  }

  /**
   * Whether its lease has ended; its content is gone for good then.
   *
   * @return true once it has
   */
  public boolean isLost() {
    return lost;
  }

  void lose() {
    lost = true;
  }
}
