package io.farheap.rdma.fabric;

/** Memory that a device may touch. */
public interface Registration extends AutoCloseable {

  /**
   * The key for the local side of a request.
   *
   * @return any number
   */
  int localKey();

  /**
   * The key by which peers of the domain's queue pairs name the memory.
   *
   * @return any number
   */
  int remoteKey();

  /** Ends the registration: after this returns, the device touches the memory no more. */
  @Override
  void close();
}
