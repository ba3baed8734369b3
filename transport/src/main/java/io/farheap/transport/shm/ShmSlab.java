package io.farheap.transport.shm;

import io.farheap.base.memory.MappedFile;
import io.farheap.transport.tcp.RemoteSlab;

/**
 * A slab that this process has mapped.
 *
 * <p>Who copies looks before and after the copy whether the slab is {@link #isUsable usable}; who
 * takes the slab away makes it unusable first and {@link #forget forgets} its file then. So a copy
 * that was seen as done has touched the slab, and one that came too late has touched memory that
 * means nothing, but is there.
 */
final class ShmSlab {
  private final RemoteSlab remote;
  private final MappedFile mapping;
  private final long rawAddress;
  private volatile boolean gone;

  ShmSlab(RemoteSlab remote, MappedFile mapping) {
    this.remote = remote;
    this.mapping = mapping;
    this.rawAddress = mapping.rawAddress();
  }

  long id() {
    return remote.id();
  }

  RemoteSlab remote() {
    return remote;
  }

  /** Raw address of the first byte; mapped as long as this object is reachable. */
  long rawAddress() {
    return rawAddress;
  }

  /** Neither released nor lost. */
  boolean isUsable() {
    return !gone && !remote.isLost();
  }

  /** Takes the slab away from this process, and the memory from the slab. */
  void forget() {
    gone = true;
    mapping.forget();
  }
}
