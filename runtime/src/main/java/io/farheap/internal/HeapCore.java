package io.farheap.internal;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import io.farheap.error.BoundsException;
import io.farheap.error.FarAccessException;
import io.farheap.error.ScopeException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.far.Miss;
import io.farheap.internal.miss.LargeRanges;
import io.farheap.internal.miss.Residence;
import io.farheap.internal.scope.ScopeState;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.layout.Codec;
import io.farheap.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.function.Consumer;

/**
 * The fast paths: what every pointer operation comes down to, on plain handles.
 *
 * <p>A dereference in a scope loads the pointer record and the page-table word, and is a hit if the
 * record has the handle's generation and its access bit, and the page is local and referenced.
 * Everything else is {@link Residence}'s. Both words are loaded with acquire: the loads may not
 * move before the scope's entry, nor the object's bytes before them.
 */
public final class HeapCore {
  private final int recordsAt;
  private final long recordCapacity;
  private final long recordBytes;
  private final int pageTableAt;
  private final int poolAt;
  private final int descriptorsAt;
  private final MemorySegment pool;
  private final HeapMemory memory;
  private final RecordTable records;
  private final Scopes scopes;
  private final Residence residence;
  private final Lifecycle lifecycle;
  private final LargeRanges largeRanges;
  private final StatisticsRegistry statistics;

  HeapCore(
      HeapMemory memory,
      Scopes scopes,
      Residence residence,
      Lifecycle lifecycle,
      LargeRanges largeRanges,
      StatisticsRegistry statistics) {
    this.memory = memory;
    this.records = memory.records();
    this.scopes = scopes;
    this.residence = residence;
    this.lifecycle = lifecycle;
    this.largeRanges = largeRanges;
    this.statistics = statistics;
    this.recordsAt = records.region().hugePageNumber();
    this.recordCapacity = records.capacity();
    this.recordBytes = recordCapacity * RecordTable.RECORD_BYTES;
    this.pageTableAt = memory.pageTable().region().hugePageNumber();
    this.poolAt = memory.pool().hugePageNumber();
    this.descriptorsAt = memory.frameTable().descriptors().hugePageNumber();
    this.pool = memory.poolSegment();
  }

  /** Allocation and ownership. */
  public Lifecycle lifecycle() {
    return lifecycle;
  }

  /** The scopes of this heap. */
  public Scopes scopes() {
    return scopes;
  }

  /**
   * Makes an object local for reading.
   *
   * @return its {@link Location}, valid until the scope ends
   * @throws StaleHandleException if the handle names nothing
   */
  public long deref(ScopeState scope, long handle) {
    if (scope.logFull()) {
      scope.keepLog();
    }
    while (true) {
      long record = record(handle);
      long place = NativeMemory.getLongAcquire(record);
      long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
      long word = NativeMemory.getLongAcquire(wordAddress(place));
      if (hit(handle, place, owner, word)) {
        scope.log(PlaceWord.page(place));
        return Location.of(bodyOffset(word, place), OwnerWord.size(owner));
      }
      residence.localise(scope, handle, false);
    }
  }

  private long record(long handle) {
    long offset = Handle.recordOffset(handle);
    if (offset >= recordBytes) {
      throw Residence.stale(handle);
    }
    return NativeRegion.rawAddress(recordsAt) + offset;
  }

  /** Whether a record and a page-table word, loaded in this order, make a hit. */
  private static boolean hit(long handle, long place, long owner, long word) {
    return Handle.sameGeneration(handle, owner)
        && PlaceWord.accessed(place)
        && PageWord.isHit(word);
  }

  /**
   * Whether an access would find the object local at this moment.
   *
   * @return false also of a handle that names nothing
   */
  @SuppressWarnings("ReachabilityFenceUsage") // a failure reads no memory after it
  public boolean isLocal(long handle) {
    long recordOffset = Handle.recordOffset(handle);
    if (recordOffset >= recordBytes) {
      return false;
    }
    long record = NativeRegion.rawAddress(recordsAt) + recordOffset;
    long place = NativeMemory.getLongAcquire(record);
    long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
    long word = NativeMemory.getLongAcquire(wordAddress(place));
    boolean local = Handle.sameGeneration(handle, owner) && PageWord.isHit(word);
    Reference.reachabilityFence(this); // the memory read goes with this object
    return local;
  }

  /**
   * Where the page-table word of a place is; every place word names a page, none that of page 0.
   */
  private long wordAddress(long place) {
    return NativeRegion.rawAddress(pageTableAt) + PageTable.wordOffset(PlaceWord.page(place));
  }

  private static long bodyOffset(long word, long place) {
    return PageWord.frameOffset(word) + PlaceWord.offsetInPage(place) + ObjectHeader.BYTES;
  }

  /** As {@link #deref}, for writing: the page is dirty from here on. */
  public long derefMut(ScopeState scope, long handle) {
    long location = deref(scope, handle);
    FrameTable.markDirty(NativeRegion.rawAddress(descriptorsAt), Location.frame(location));
    return location;
  }

  /** Raw address of a location; valid as long as the location. */
  public long rawAddress(long location) {
    return NativeRegion.rawAddress(poolAt) + Location.poolOffset(location);
  }

  /** Size of an object's body in bytes. */
  public int sizeChecked(long handle) {
    long index = Handle.index(handle);
    if (index < recordCapacity) {
      long place = records.loadPlace(index);
      long owner = records.loadOwner(index);
      if (Handle.sameGeneration(handle, owner) && !PlaceWord.isNull(place)) {
        return OwnerWord.size(owner);
      }
    }
    throw closedOrStale(handle);
  }

  RuntimeException closedOrStale(long handle) {
    return scopes.closed() ? Scopes.closedException() : Residence.stale(handle);
  }

  /**
   * The body of an object as a segment that lives as long as the scope; read-only. Written out
   * rather than built on {@link #deref}: a hit must not merge with the slow path before its segment
   * is made, or the JIT allocates it.
   */
  public MemorySegment derefSegment(ScopeState scope, long handle) {
    if (scope.readable() == null || scope.logFull()) {
      residence.localise(scope, handle, true);
    }
    while (true) {
      long record = record(handle);
      long place = NativeMemory.getLongAcquire(record);
      long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
      long word = NativeMemory.getLongAcquire(wordAddress(place));
      if (hit(handle, place, owner, word)) {
        scope.log(PlaceWord.page(place));
        return scope.readable().asSlice(bodyOffset(word, place), OwnerWord.size(owner));
      }
      residence.localise(scope, handle, false);
    }
  }

  /**
   * As {@link #derefSegment}, for who may not wait.
   *
   * @return null if it would have to wait
   */
  public MemorySegment derefNowSegment(ScopeState scope, long handle) {
    if (scope.readable() == null || scope.logFull()) {
      residence.localise(scope, handle, true);
    }
    while (true) {
      long record = record(handle);
      long place = NativeMemory.getLongAcquire(record);
      long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
      long word = NativeMemory.getLongAcquire(wordAddress(place));
      if (hit(handle, place, owner, word)) {
        scope.log(PlaceWord.page(place));
        return scope.readable().asSlice(bodyOffset(word, place), OwnerWord.size(owner));
      }
      if (!residence.localiseNow(scope, handle)) {
        return null;
      }
    }
  }

  /**
   * Brings in what is remote and small and finds room without waiting, all of it under way at once;
   * passes over everything else.
   *
   * @param handles the objects, from {@code from} to before {@code to}
   * @param mostNanos how long to wait for each at most
   * @throws FarAccessException the first failure, once nothing is under way any more
   */
  void fetchTogether(long[] handles, int from, int to, long mostNanos) {
    Miss[] misses = new Miss[to - from];
    ScopeState scope = scopes.enter();
    int begun = 0;
    try {
      for (int i = from; i < to; i++) {
        if (misses[begun] == null) {
          misses[begun] = residence.newMiss();
        }
        if (residence.begin(misses[begun], scope, handles[i])) {
          begun++;
        }
      }
    } finally {
      try {
        endAll(misses, begun, mostNanos);
      } finally {
        scopes.exit(scope);
      }
    }
  }

  /** Ends each whatever becomes of the others: none may stay under way. */
  private void endAll(Miss[] misses, int begun, long mostNanos) {
    RuntimeException failure = null;
    Error error = null;
    long wait = mostNanos;
    for (int i = 0; i < begun; i++) {
      try {
        residence.end(misses[i], wait);
      } catch (RuntimeException e) {
        // Whoever was late once is not waited for again and again.
        wait = e instanceof FarAccessException far && far.isRetryable() ? 0 : wait;
        failure = failure == null ? e : failure;
      } catch (Error e) {
        error = e;
      }
    }
    if (error != null) {
      throw error;
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Notes a use of an object, if that takes no wait.
   *
   * @return false if it would have to wait
   */
  boolean touchNow(long handle) {
    ScopeState scope = scopes.enter();
    try {
      return residence.localiseNow(scope, handle);
    } finally {
      scopes.exit(scope);
    }
  }

  /** Whether an object's bytes are local at this moment, so that a use would not wait. */
  public boolean isResident(long handle) {
    ScopeState scope = scopes.enter();
    try {
      return residence.resident(handle);
    } finally {
      scopes.exit(scope);
    }
  }

  /** Whether an object's bytes are known to be lost. */
  public boolean isLost(long handle) {
    ScopeState scope = scopes.enter();
    try {
      return residence.lost(handle);
    } finally {
      scopes.exit(scope);
    }
  }

  /**
   * Allocates an object that a function fills.
   *
   * @param now whether not to wait
   * @return its handle; {@link Handle#NULL} if it would have had to wait
   */
  public long allocate(long bodyBytes, Consumer<MemorySegment> filler, boolean now) {
    ScopeState scope = scopes.enter();
    try {
      if (scope.writable() == null) {
        residence.localise(scope, Handle.NULL, true);
      }
      return lifecycle.allocate(
          scope, bodyBytes, scope.writable(), NativeRegion.rawAddress(poolAt), filler, now);
    } finally {
      scopes.exit(scope);
    }
  }

  /** As {@link #derefSegment}, writable; the page is dirty from here on. */
  public MemorySegment derefMutSegment(ScopeState scope, long handle) {
    if (scope.writable() == null || scope.logFull()) {
      residence.localise(scope, handle, true);
    }
    while (true) {
      long record = record(handle);
      long place = NativeMemory.getLongAcquire(record);
      long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
      long word = NativeMemory.getLongAcquire(wordAddress(place));
      if (hit(handle, place, owner, word)) {
        scope.log(PlaceWord.page(place));
        FrameTable.markDirty(NativeRegion.rawAddress(descriptorsAt), PageWord.frame(word));
        return scope.writable().asSlice(bodyOffset(word, place), OwnerWord.size(owner));
      }
      residence.localise(scope, handle, false);
    }
  }

  /**
   * Reads 1, 2, 4 or 8 bytes without a scope, in the fast case: both words are loaded again after
   * the bytes, and a change of either sends the read into a scope. That excludes bytes of another
   * object or an old place; it does not exclude a tear against a concurrent writer of the same
   * bytes, so callers read single aligned fields.
   *
   * @param offsetBytes offset in the body
   * @param width 1, 2, 4 or 8
   * @return the bytes, zero-extended
   * @throws BoundsException if the bytes are not inside the body
   * @throws StaleHandleException if the handle names nothing
   */
  @SuppressWarnings("ReachabilityFenceUsage") // a failure reads no memory after it
  public long read(long handle, long offsetBytes, int width) {
    int offset = (int) offsetBytes; // the JIT follows the range of an int through the checks
    long recordOffset = Handle.recordOffset(handle);
    if (recordOffset < recordBytes) {
      long record = NativeRegion.rawAddress(recordsAt) + recordOffset;
      long place = NativeMemory.getLongAcquire(record);
      long owner = NativeMemory.getLongAcquire(record + RecordTable.OWNER_OFFSET);
      long wordAddress = wordAddress(place);
      long word = NativeMemory.getLongAcquire(wordAddress);
      if (hit(handle, place, owner, word)
          && offset >= 0
          && offset <= OwnerWord.size(owner) - width
          && offset == offsetBytes) {
        long value =
            load(NativeRegion.rawAddress(poolAt) + bodyOffset(word, place) + offset, width);
        VarHandle.loadLoadFence();
        if (PageWord.same(NativeMemory.getLong(wordAddress), word)
            && PlaceWord.same(NativeMemory.getLong(record), place)) {
          Reference.reachabilityFence(this); // the memory read goes with this object
          return value;
        }
        statistics.increment(Counter.OPTIMISTIC_RETRIES);
      }
    }
    return readInScope(handle, offsetBytes, width);
  }

  private long readInScope(long handle, long offsetBytes, int width) {
    ScopeState scope = scopes.enter();
    try {
      return load(field(scope, handle, offsetBytes, width, false), width);
    } finally {
      scopes.exit(scope);
    }
  }

  /** Writes 1, 2, 4 or 8 bytes, in a scope of its own. */
  public void write(long handle, long offsetBytes, int width, long value) {
    ScopeState scope = scopes.enter();
    try {
      store(field(scope, handle, offsetBytes, width, true), width, value);
    } finally {
      scopes.exit(scope);
    }
  }

  /** Raw address of a range of an object's body, checked against the body's size. */
  public long field(
      ScopeState scope, long handle, long offsetBytes, long lengthBytes, boolean mutable) {
    long location = mutable ? derefMut(scope, handle) : deref(scope, handle);
    int size = Location.size(location);
    if ((offsetBytes | lengthBytes) < 0 || offsetBytes > size - lengthBytes) {
      throw LargeRanges.bounds(offsetBytes, lengthBytes, size);
    }
    return rawAddress(location) + offsetBytes;
  }

  /** Copies a range of an object's body out. */
  public void readRange(long handle, long offsetBytes, MemorySegment target) {
    ScopeState scope = scopes.enter();
    try {
      long lengthBytes = target.byteSize();
      if (!largeRanges.read(scope, handle, offsetBytes, target)) {
        long rawAddress = field(scope, handle, offsetBytes, lengthBytes, false);
        MemorySegment.copy(NativeMemory.view(rawAddress, lengthBytes), 0, target, 0, lengthBytes);
      }
    } finally {
      scopes.exit(scope);
    }
  }

  /** Copies bytes into a range of an object's body. */
  public void writeRange(long handle, long offsetBytes, MemorySegment source) {
    ScopeState scope = scopes.enter();
    try {
      long lengthBytes = source.byteSize();
      if (!largeRanges.write(scope, handle, offsetBytes, source)) {
        long rawAddress = field(scope, handle, offsetBytes, lengthBytes, true);
        MemorySegment.copy(source, 0, NativeMemory.view(rawAddress, lengthBytes), 0, lengthBytes);
      }
    } finally {
      scopes.exit(scope);
    }
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public static long load(long rawAddress, int width) {
    return switch (width) {
      case 8 -> NativeMemory.getLong(rawAddress);
      case 4 -> Integer.toUnsignedLong(NativeMemory.getInt(rawAddress));
      case 2 -> NativeMemory.getChar(rawAddress);
      case 1 -> Byte.toUnsignedLong(NativeMemory.getByte(rawAddress));
      default -> throw new IllegalArgumentException("a field of " + width + " bytes");
    };
  }

  /** Stores 1, 2, 4 or 8 bytes. */
  public static void store(long rawAddress, int width, long value) {
    switch (width) {
      case 8 -> NativeMemory.putLong(rawAddress, value);
      case 4 -> NativeMemory.putInt(rawAddress, (int) value);
      case 2 -> NativeMemory.putShort(rawAddress, (short) value);
      case 1 -> NativeMemory.putByte(rawAddress, (byte) value);
      default -> throw new IllegalArgumentException("a field of " + width + " bytes");
    }
  }

  /** Reads a whole value. */
  public <T> T get(Codec<T> codec, long handle) {
    ScopeState scope = scopes.enter();
    try {
      long location = deref(scope, handle);
      return codec.read(rawAddress(location), Location.size(location));
    } finally {
      scopes.exit(scope);
    }
  }

  /** Writes a whole value. */
  public <T> void set(Codec<T> codec, long handle, T value) {
    ScopeState scope = scopes.enter();
    try {
      long location = derefMut(scope, handle);
      codec.write(rawAddress(location), Location.size(location), value);
    } finally {
      scopes.exit(scope);
    }
  }

  /**
   * Pins an object's page, in a scope that is open.
   *
   * @return its {@link Location}, valid until {@link #unpin}
   */
  public long pin(ScopeState scope, long handle, boolean mutable) {
    long location = mutable ? derefMut(scope, handle) : deref(scope, handle);
    memory.frameTable().pin(Location.frame(location));
    return location;
  }

  /** Ends a pin; what was written under it goes out with the page. */
  public void unpin(long location, boolean mutable) {
    int frame = Location.frame(location);
    if (mutable) {
      memory.frameTable().markDirty(frame);
    }
    memory.frameTable().unpin(frame);
  }

  /** The bytes of a location without any guard, for a pin to wrap. */
  public MemorySegment view(long location) {
    return pool.asSlice(Location.poolOffset(location), Location.size(location));
  }

  /** Refuses a scope that is closed or another thread's. */
  public static ScopeException notThisThread(ScopeState scope) {
    return scope == null
        ? new ScopeException("the scope is closed; enter another")
        : new ScopeException("the scope belongs to another thread; every thread enters its own");
  }
}
