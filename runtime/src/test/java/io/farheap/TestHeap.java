package io.farheap;

import io.farheap.internal.HeapHooks;
import io.farheap.internal.HeapRuntime;
import io.farheap.layout.Codec;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;
import io.farheap.transport.FarMemory;
import java.util.function.LongSupplier;

/** A heap with its inside open to tests: agents to be stepped, structures to be recounted. */
public final class TestHeap implements AutoCloseable {
  private final HeapRuntime runtime;
  private final Handles handles;
  private final PointerType<byte[]> bytes;

  /** Opens a heap over a far memory that the test brings. */
  public TestHeap(HeapOptions options, FarMemory farMemory) {
    this(HeapRuntime.open(options, HeapHooks.standard(), farMemory));
  }

  /** Opens a heap over the far memory that the options name. */
  public TestHeap(HeapOptions options) {
    this(HeapRuntime.open(options, HeapHooks.standard()));
  }

  private TestHeap(HeapRuntime runtime) {
    this.runtime = runtime;
    this.handles = new Handles(runtime.core());
    this.bytes = new PointerType<>(runtime.core(), Codec.bytes(), null, runtime.pins());
  }

  /** Opens a heap with a clock of the test's, whose agents only the test steps. */
  public static TestHeap stepped(HeapOptions options, LongSupplier clock) {
    return new TestHeap(HeapRuntime.open(options, new HeapHooks(clock, false)));
  }

  /** As {@link #stepped(HeapOptions, LongSupplier)}, over a far memory that the test brings. */
  public static TestHeap stepped(HeapOptions options, LongSupplier clock, FarMemory farMemory) {
    return new TestHeap(HeapRuntime.open(options, new HeapHooks(clock, false), farMemory));
  }

  /** Options of a small heap that depends on nothing outside the test. */
  public static HeapOptionsBuilder smallHeap() {
    return HeapOptions.builder()
        .isolated()
        .localMemory("2MiB")
        .slabSizeBytes(1 << 20)
        .hugePages(false);
  }

  /** The heap's inside. */
  public HeapRuntime runtime() {
    return runtime;
  }

  /** Operations on plain handles. */
  public Handles handles() {
    return handles;
  }

  /** Enters a scope. */
  public DerefScope enter() {
    return new DerefScope(runtime.core());
  }

  /** Allocates bytes that are watched by no leak watch. */
  public UniquePtr<byte[]> allocate(byte[] value) {
    return new UniquePtr<>(bytes, runtime.core().lifecycle().allocate(Codec.bytes(), value));
  }

  /** Does one step of all agents. */
  public int step() {
    return runtime.step();
  }

  @Override
  public void close() {
    runtime.close();
  }
}
