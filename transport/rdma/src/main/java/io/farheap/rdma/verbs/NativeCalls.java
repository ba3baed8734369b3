package io.farheap.rdma.verbs;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * The calls of the fast path, through the function pointers of a device's context. All pointers are
 * raw addresses. None allocates.
 *
 * <p>Post and poll are critical calls: they neither wait nor call back, so the thread keeps its
 * state, and the garbage collector waits for them as for a few instructions.
 */
final class NativeCalls {
  private static final MethodHandle POST =
      ForeignFunctions.handle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));
  private static final MethodHandle POLL =
      ForeignFunctions.handle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));
  private static final MethodHandle NOTIFY =
      ForeignFunctions.handle(
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

  private NativeCalls() {}

  /**
   * {@code post_send} or {@code post_recv}: 0, or an error number.
   *
   * @param memory begins with the first request, and stays while the device reads it
   * @param firstBadOffset where the raw address of the first request refused is put
   */
  static int post(
      MemorySegment function, long queuePair, MemorySegment memory, long firstBadOffset) {
    long request = memory.address();
    try {
      return (int) POST.invokeExact(function, queuePair, request, request + firstBadOffset);
    } catch (Throwable e) {
      throw unexpected(e);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** {@code poll_cq}: how many completions were written, or a negative number. */
  static int poll(
      MemorySegment function, long completionQueue, int most, MemorySegment completions) {
    try {
      return (int) POLL.invokeExact(function, completionQueue, most, completions.address());
    } catch (Throwable e) {
      throw unexpected(e);
    } finally {
      Reference.reachabilityFence(completions);
    }
  }

  /** {@code req_notify_cq}: 0, or an error number. */
  static int requestNotification(MemorySegment function, long completionQueue, int solicitedOnly) {
    try {
      return (int) NOTIFY.invokeExact(function, completionQueue, solicitedOnly);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What a call may throw: nothing but unchecked exceptions, whatever its signature says. */
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
