package io.farheap.internal;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.OwnerCountException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.miss.Residence;
import io.farheap.internal.place.Placement;
import io.farheap.internal.scope.ScopeState;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.layout.Codec;
import io.farheap.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** The life of objects: from their allocation to the end of their last owner. */
public final class Lifecycle {
  private final HeapMemory memory;
  private final RecordTable records;
  private final Scopes scopes;
  private final Placement placement;
  private final StatisticsRegistry statistics;

  Lifecycle(HeapMemory memory, Scopes scopes, Placement placement, StatisticsRegistry statistics) {
    this.memory = memory;
    this.records = memory.records();
    this.scopes = scopes;
    this.placement = placement;
    this.statistics = statistics;
  }

  /**
   * Allocates an object of zeros.
   *
   * @return its handle; the caller is its one owner
   */
  public long allocate(long bodyBytes) {
    placement.checkSize(bodyBytes);
    return allocate(Codec.bytes(), (int) bodyBytes, null);
  }

  /** Allocates an object that holds a value. */
  public <T> long allocate(Codec<T> codec, T value) {
    int bodyBytes = codec.lengthBytes(value);
    placement.checkSize(bodyBytes);
    return allocate(codec, bodyBytes, value);
  }

  /**
   * Allocates an object that a function fills in place.
   *
   * @param pool the frame pool, guarded by the scope
   * @param poolAddress its raw address
   * @param now whether not to wait
   * @return its handle; {@link Handle#NULL} if it would have had to wait
   */
  long allocate(
      ScopeState scope,
      long bodyBytes,
      MemorySegment pool,
      long poolAddress,
      Consumer<MemorySegment> filler,
      boolean now) {
    placement.checkSize(bodyBytes);
    int size = (int) bodyBytes;
    if (now && !placement.hasRoomNow(size)) {
      return Handle.NULL;
    }
    long handle = newRecord(scope, size);
    long index = Handle.index(handle);
    long farAddress = 0;
    boolean published = false;
    try {
      farAddress = placement.reserve(Heat.PLAIN, scope.slot(), index, size);
      long bodyAddress = memory.reservedRawAddress(farAddress) + ObjectHeader.BYTES;
      filler.accept(pool.asSlice(bodyAddress - poolAddress, size));
      records.publish(index, farAddress, false);
      published = true;
      memory.finish(farAddress);
    } finally {
      if (!published) {
        if (farAddress != 0) {
          memory.abandon(farAddress, size);
        }
        records.recycle(scope.slot(), index);
      }
    }
    statistics.increment(Counter.ALLOCATIONS);
    return handle;
  }

  private long newRecord(ScopeState scope, int bodyBytes) {
    long handle = records.allocate(scope.slot(), bodyBytes);
    if (handle == Handle.NULL) {
      throw new OutOfFarMemoryException(
          "all " + records.capacity() + " pointer records are in use; free objects");
    }
    return handle;
  }

  private <T> long allocate(Codec<T> codec, int bodyBytes, T value) {
    ScopeState scope = scopes.enter();
    try {
      long handle = newRecord(scope, bodyBytes);
      boolean published = false;
      try {
        place(scope, codec, handle, bodyBytes, value);
        published = true;
      } finally {
        if (!published) {
          records.recycle(scope.slot(), Handle.index(handle));
        }
      }
      statistics.increment(Counter.ALLOCATIONS);
      return handle;
    } finally {
      scopes.exit(scope);
    }
  }

  private <T> void place(ScopeState scope, Codec<T> codec, long handle, int bodyBytes, T value) {
    long index = Handle.index(handle);
    long farAddress = placement.reserve(Heat.PLAIN, scope.slot(), index, bodyBytes);
    boolean written = false;
    try {
      long rawAddress = memory.reservedRawAddress(farAddress) + ObjectHeader.BYTES;
      if (value == null) {
        NativeMemory.zero(rawAddress, bodyBytes);
      } else {
        codec.write(rawAddress, bodyBytes, value);
      }
      written = true;
    } finally {
      if (!written) {
        memory.abandon(farAddress, bodyBytes);
      }
    }
    records.publish(index, farAddress, false);
    memory.finish(farAddress);
  }

  /**
   * Gives up an owner; the object dies with its last.
   *
   * @return owners left
   * @throws StaleHandleException if the handle names nothing
   */
  public int release(long handle) {
    ScopeState scope = scopes.enter();
    try {
      long index = Handle.index(handle);
      int left = index < records.capacity() ? records.removeOwner(handle) : -1;
      if (left < 0) {
        throw Residence.stale(handle);
      }
      if (left == 0) {
        int bodyBytes = OwnerWord.size(records.loadOwner(index)); // ours alone now
        long farAddress = records.unpublish(index);
        memory
            .segments()
            .removeLive(FarAddress.page(farAddress), ObjectHeader.footprint(bodyBytes));
        records.recycle(scope.slot(), index);
        statistics.increment(Counter.FREES);
      }
      return left;
    } finally {
      scopes.exit(scope);
    }
  }

  /** Frees an object whatever its owners; does nothing if the handle names nothing any more. */
  public void releaseAll(long handle) {
    try {
      while (release(handle) > 0) {}
    } catch (StaleHandleException e) {
      return; // somebody else was first
    }
  }

  /**
   * Adds an owner.
   *
   * @return false if the handle names nothing
   * @throws OwnerCountException if there are too many owners
   */
  public boolean retain(long handle) {
    ScopeState scope = scopes.enter();
    try {
      int owners = Handle.index(handle) < records.capacity() ? records.addOwner(handle) : 0;
      if (owners < 0) {
        throw new OwnerCountException(
            "the object has " + OwnerWord.MAX_OWNERS + " owners already; close some");
      }
      return owners > 0;
    } finally {
      scopes.exit(scope);
    }
  }

  /**
   * Refuses an object that could not be a unique pointer's.
   *
   * @throws StaleHandleException if the handle names nothing
   * @throws OwnerCountException if the object has several owners
   */
  public void checkSoleOwner(long handle) {
    ScopeState scope = scopes.enter();
    try {
      long index = Handle.index(handle);
      if (index < records.capacity()) {
        long place = records.loadPlace(index);
        long owner = records.loadOwner(index);
        if (Handle.sameGeneration(handle, owner) && !PlaceWord.isNull(place)) {
          int owners = OwnerWord.owners(owner);
          if (owners > 1) {
            throw new OwnerCountException(
                "the object has " + owners + " owners, so that none of them can be unique");
          }
          return;
        }
      }
      throw Residence.stale(handle);
    } finally {
      scopes.exit(scope);
    }
  }

  /** Largest body in bytes that this heap takes. */
  public int maxBodyBytes() {
    return placement.maxBodyBytes();
  }
}
