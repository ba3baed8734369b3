package io.farheap;

import io.farheap.allocator.ObjectHeader;
import io.farheap.error.ConfigurationException;
import io.farheap.error.FarAccessException;
import io.farheap.error.HeapClosedException;
import io.farheap.error.LayoutException;
import io.farheap.error.ObjectTooLargeException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.OwnerCountException;
import io.farheap.error.ScopeException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.Fetches;
import io.farheap.internal.HeapHooks;
import io.farheap.internal.HeapRuntime;
import io.farheap.layout.Codec;
import io.farheap.layout.FarRef;
import io.farheap.layout.RecordLayout;
import io.farheap.options.HeapOptions;
import io.farheap.stats.HeapStats;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A heap that holds more than local memory: objects that are used rest in local frames, the others
 * in far memory, and a dereference brings them in.
 *
 * <p>Objects are allocated here, owned by {@link UniquePtr} or {@link SharedPtr}, and freed by
 * their owners, never by the garbage collector. All methods may be called by any thread.
 */
public final class FarHeap implements AutoCloseable {
  private final HeapRuntime runtime;
  private final Handles handles;
  private final PointerType<byte[]> bytes;
  private final PointerType<byte[]> regionBytes;
  private final ConcurrentHashMap<Class<?>, PointerType<?>> types = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Class<?>, PointerType<?>> regionTypes = new ConcurrentHashMap<>();

  private FarHeap(HeapRuntime runtime) {
    this.runtime = runtime;
    this.handles = new Handles(runtime.core());
    this.bytes = type(Codec.bytes(), true);
    this.regionBytes = type(Codec.bytes(), false);
  }

  /**
   * Opens a heap with the options of environment and configuration file; without any, with sensible
   * sizes and far memory in this process.
   *
   * @throws ConfigurationException if an option is wrong
   */
  public static FarHeap open() {
    return open(HeapOptions.load());
  }

  /**
   * Opens a heap.
   *
   * @throws ConfigurationException if the options do not go together
   * @throws FarAccessException if far memory cannot be reached
   */
  public static FarHeap open(HeapOptions options) {
    return open(options, HeapHooks.standard());
  }

  /** As {@link #open(HeapOptions)}, for tests with a clock or agents of their own. */
  static FarHeap open(HeapOptions options, HeapHooks hooks) {
    return new FarHeap(HeapRuntime.open(options, hooks));
  }

  /**
   * Allocates a record.
   *
   * @param value copied into the heap
   * @throws LayoutException if the record has a component that has no layout
   * @throws ObjectTooLargeException if it is larger than the heap takes
   * @throws OutOfFarMemoryException if far memory is full
   */
  public <T extends Record> UniquePtr<T> allocate(T value) {
    return allocate(value, types, true);
  }

  <T extends Record> UniquePtr<T> allocateUnwatched(T value) {
    return allocate(value, regionTypes, false);
  }

  private <T extends Record> UniquePtr<T> allocate(
      T value, ConcurrentHashMap<Class<?>, PointerType<?>> known, boolean watched) {
    @SuppressWarnings("unchecked") // a value's own class
    Class<T> recordType = (Class<T>) value.getClass();
    PointerType<T> type = recordType(recordType, known, watched);
    return new UniquePtr<>(type, runtime.core().lifecycle().allocate(type.codec(), value));
  }

  private <T extends Record> PointerType<T> recordType(
      Class<T> recordType, ConcurrentHashMap<Class<?>, PointerType<?>> known, boolean watched) {
    @SuppressWarnings("unchecked") // entered below under its own class
    PointerType<T> type = (PointerType<T>) known.get(recordType);
    if (type == null) {
      type = type(RecordLayout.of(recordType).codec(), watched);
      known.put(recordType, type);
    }
    return type;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // byte[] or, as layouts check, a record class
  private <T> PointerType<T> targetType(FarRef<T> ref) {
    if (ref.isNone()) {
      throw new StaleHandleException("the reference refers to nothing; ask isNone() first");
    }
    return ref.type() == byte[].class
        ? (PointerType<T>) bytes
        : recordType((Class) ref.type(), types, true);
  }

  /**
   * Copies the object that a reference names into a Java value.
   *
   * @throws StaleHandleException if the object was freed, or the reference is {@link FarRef#none()}
   */
  public <T> T get(FarRef<T> ref) {
    return runtime.core().get(targetType(ref).codec(), ref.handle());
  }

  /**
   * Overwrites the object that a reference names.
   *
   * @throws StaleHandleException if the object was freed, or the reference is {@link FarRef#none()}
   * @throws LayoutException if the value does not fit the object
   */
  public <T> void set(FarRef<T> ref, T value) {
    runtime.core().set(targetType(ref).codec(), ref.handle(), value);
  }

  /**
   * Makes the object of a reference a pointer's again, after {@link UniquePtr#release()}.
   *
   * <p>Adopt an object once per release, and drop the reference from the far objects that hold it.
   * The heap counts owners, it does not know them: of two pointers that adopted the same object,
   * the first that is freed frees it, and every use of the other throws {@link
   * StaleHandleException}. Neither ever reaches another object.
   *
   * @return the object's owner
   * @throws StaleHandleException if the object was freed, or the reference is {@link FarRef#none()}
   * @throws OwnerCountException if the object has several owners, through {@link SharedPtr}s
   */
  public <T> UniquePtr<T> adopt(FarRef<T> ref) {
    PointerType<T> type = targetType(ref);
    runtime.core().lifecycle().checkSoleOwner(ref.handle());
    return new UniquePtr<>(type, ref.handle());
  }

  /**
   * Allocates bytes.
   *
   * @param value copied into the heap
   * @throws ObjectTooLargeException if it is larger than the heap takes
   * @throws OutOfFarMemoryException if far memory is full
   */
  public UniquePtr<byte[]> allocate(byte[] value) {
    return new UniquePtr<>(bytes, runtime.core().lifecycle().allocate(Codec.bytes(), value));
  }

  UniquePtr<byte[]> allocateUnwatched(byte[] value) {
    return new UniquePtr<>(regionBytes, runtime.core().lifecycle().allocate(Codec.bytes(), value));
  }

  /**
   * Allocates zeros.
   *
   * @param lengthBytes how many
   * @throws ObjectTooLargeException if that is more than the heap takes for one object
   * @throws OutOfFarMemoryException if far memory is full
   */
  public UniquePtr<byte[]> allocateBytes(long lengthBytes) {
    return new UniquePtr<>(bytes, runtime.core().lifecycle().allocate(lengthBytes));
  }

  UniquePtr<byte[]> allocateBytesUnwatched(long lengthBytes) {
    return new UniquePtr<>(regionBytes, runtime.core().lifecycle().allocate(lengthBytes));
  }

  private <T> PointerType<T> type(Codec<T> codec, boolean watched) {
    return new PointerType<>(
        runtime.core(), codec, watched ? runtime.leakWatch() : null, runtime.pins());
  }

  /**
   * Enters a scope on this thread.
   *
   * @return a scope to close, soon
   */
  public DerefScope enter() {
    return new DerefScope(runtime.core());
  }

  /** Opens a region: objects that are freed together. */
  public Region region() {
    return new Region(this);
  }

  void freeAll(long[] dying) {
    for (long handle : dying) {
      try {
        runtime.core().lifecycle().releaseAll(handle);
      } catch (HeapClosedException e) {
        return; // everything is gone
      }
    }
  }

  /**
   * Begins to bring many objects in and does not wait for them: their misses share round trips.
   * Local memory should have room for all of them, or the first leave again before the last come.
   *
   * @param handles which objects
   * @return completes once all have been local; or, once none is under way any more, with what a
   *     use of one of them threw. Cancelling it stops nothing
   */
  public CompletableFuture<Void> fetchAll(long... handles) {
    return Fetches.start(runtime.core(), handles);
  }

  /**
   * As {@link #fetchAll(long...)}.
   *
   * @param pointers pointers of this heap
   * @throws SpentPointerException if one is spent
   */
  public CompletableFuture<Void> fetchAll(Collection<? extends FarPtr<?>> pointers) {
    return fetchAll(pointers.stream().mapToLong(FarPtr::handle).toArray());
  }

  /** The operations on plain handles. */
  public Handles handles() {
    return handles;
  }

  /** Largest object in bytes that this heap takes. */
  public int maxObjectBytes() {
    return runtime.core().lifecycle().maxBodyBytes();
  }

  /**
   * Bytes of far memory that an object takes: its header and its padding are counted, and one that
   * does not fit a page takes whole pages. Objects of more than half of 256 KiB also keep the rest
   * of their last 256 KiB from others.
   *
   * @param objectBytes size of the object, as asked for
   * @throws IllegalArgumentException if that is negative
   */
  public static long footprintBytes(long objectBytes) {
    return ObjectHeader.farBytes(objectBytes);
  }

  /** The heap's inside, for tests that recount it. */
  HeapRuntime runtime() {
    return runtime;
  }

  /** What the heap has done and holds, at one moment. */
  public HeapStats stats() {
    return runtime.stats();
  }

  /** The options that are in force. */
  public HeapOptions options() {
    return runtime.options();
  }

  /**
   * Closes the heap: its objects are gone, local and far memory are given back, and every later use
   * throws {@link HeapClosedException}. Waits for open scopes and pins. Closing it again does
   * nothing, unless the wait ended in an exception; then it waits again.
   *
   * @throws ScopeException if this thread has a scope open, or if another thread's scopes or pins
   *     do not end within the frame wait timeout; memory stays with the heap until a later call
   *     succeeds
   */
  @Override
  public void close() {
    runtime.close();
  }
}
