package io.farheap.transport.rdma.verbs;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the fast path, through the function pointers of a device's context. All pointers are
 * raw addresses. None allocates.
 *
 * <p>Post and poll are critical calls: they neither wait nor call back, so the thread keeps its
 * state, and the garbage collector waits for them as for a few instructions.
 */
final class NativeCalls {
  private static final MethodHandle POST =
      handle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));
  private static final MethodHandle POLL =
      handle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));
  private static final MethodHandle NOTIFY =
      handle(
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

  private NativeCalls() {}

  /**
   * {@code post_send} or {@code post_recv}: 0, or an error number and the first request refused.
   */
  static int post(MemorySegment function, long queuePair, long request, long firstBad) {
    try {
      return (int) POST.invokeExact(function, queuePair, request, firstBad);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code poll_cq}: how many completions were written, or a negative number. */
  static int poll(MemorySegment function, long completionQueue, int most, long completions) {
    try {
      return (int) POLL.invokeExact(function, completionQueue, most, completions);
    } catch (Throwable e) {
      throw unexpected(e);
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

  @SuppressWarnings("restricted")
  private static MethodHandle handle(FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(descriptor, options);
  }
}
