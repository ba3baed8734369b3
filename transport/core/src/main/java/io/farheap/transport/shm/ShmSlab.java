package io.farheap.transport.shm;

import io.farheap.base.memory.MappedFile;
import io.farheap.transport.TransportException;
import io.farheap.transport.mapped.Mapped;
import io.farheap.transport.memory.SlabRanges;
import io.farheap.transport.session.ServerSlab;
import io.farheap.transport.wire.MappedSlab;
import io.farheap.transport.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A slab whose file this process has mapped. */
final class ShmSlab extends ServerSlab implements Mapped {
  private final MappedFile mapping;
  private final long rawAddress;

  private ShmSlab(long id, long wireId, MappedFile mapping) {
    super(id, wireId);
    this.mapping = mapping;
    this.rawAddress = mapping.rawAddress();
  }

  /** Maps a slab that the server has allocated. */
  static ShmSlab map(long id, long wireId, ByteBuffer where, long slabBytes) {
    try {
      Path file = Path.of(MappedSlab.decode(where).file());
      return new ShmSlab(id, wireId, SlabRanges.open(file, slabBytes));
    } catch (WireException | InvalidPathException e) {
      throw new TransportException("the memory server names a file that is no slab", e);
    }
  }

  @Override
  public long rawAddress() {
    return rawAddress;
  }

  /** Takes the memory from a slab that is not usable any more. */
  void forget() {
    mapping.forget();
  }
}
