package io.farheap.server;

import io.farheap.rdma.fabric.Registration;
import io.farheap.transport.wire.RegisteredSlab;

/**
 * Slabs that clients can reach by RDMA, in memory of another backing.
 *
 * <p>A slab is registered when its client asks where it is, under a key of its own and for the
 * queue pairs of its lease alone. The registration is closed before the memory goes back: what
 * comes from a late or dead client then meets no key, whoever has the memory next.
 */
final class RdmaBacking implements SlabBacking {
  private final SlabBacking inner;
  private final RdmaDoor door;
  private final long slabBytes;

  RdmaBacking(SlabBacking inner, RdmaDoor door, long slabBytes) {
    this.inner = inner;
    this.door = door;
    this.slabBytes = slabBytes;
  }

  /** A slab's memory; its registration is guarded by this object's lock. */
  private final class Registered implements SlabMemory {
    private final SlabMemory memory;
    private final long lease;
    private Registration registration;
    private boolean back;

    Registered(SlabMemory memory, long lease) {
      this.memory = memory;
      this.lease = lease;
    }

    @Override
    public long rawAddress() {
      return memory.rawAddress();
    }

    @Override
    public byte[] descriptor() {
      return memory.descriptor();
    }

    @Override
    public synchronized byte[] register() {
      if (back) {
        throw new IllegalStateException("the slab was given back");
      }
      if (registration == null) {
        registration = door.register(lease, memory.rawAddress(), slabBytes);
      }
      return new RegisteredSlab(memory.rawAddress(), registration.remoteKey(), slabBytes).encode();
    }

    synchronized SlabMemory revoke() {
      back = true;
      if (registration != null) {
        registration.close();
        registration = null;
      }
      return memory;
    }
  }

  @Override
  public SlabMemory take(long lease) {
    return new Registered(inner.take(lease), lease);
  }

  @Override
  public void giveBack(SlabMemory memory) {
    inner.giveBack(((Registered) memory).revoke());
  }

  @Override
  public void leaseEnded(long lease) {
    door.leaseEnded(lease);
    inner.leaseEnded(lease);
  }

  @Override
  public void close() {
    door.close();
    inner.close();
  }
}
