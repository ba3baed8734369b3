package io.farheap.rdma.verbs;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * A C function off the fast path, all of whose parameters are integers or pointers.
 *
 * <p>Each parameter is passed as a {@code long}: on x86-64 a callee reads of a register what its
 * parameter's type holds. So one method handle per number of parameters serves every function, and
 * starting costs little.
 */
final class NativeFunction {
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final int MOST_PARAMETERS = 6;

  /** By number of parameters; written racily, since any two of one number are alike. */
  private static final MethodHandle[] HANDLES = new MethodHandle[MOST_PARAMETERS + 1];

  private final String name;
  private final MemorySegment address;

  NativeFunction(String name, MemorySegment address) {
    this.name = name;
    this.address = address;
  }

  /**
   * Calls a function that gives a pointer.
   *
   * @return the pointer, never 0
   * @throws VerbsException if it is null
   */
  long pointer(long... arguments) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long result = invoke(state, arguments);
      if (result == 0) {
        throw new VerbsException(name, errno(state));
      }
      return result;
    }
  }

  /**
   * Calls a function that gives 0, an error number, or -1 with the number in errno.
   *
   * @throws VerbsException if it gives anything but 0
   */
  void check(long... arguments) throws VerbsException {
    int result = number(arguments);
    if (result != 0) {
      throw new VerbsException(name, Math.abs(result));
    }
  }

  /** The result of a function that gives an int; minus the error number in place of -1. */
  int number(long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result = (int) invoke(state, arguments);
      return result == -1 ? -Math.max(1, errno(state)) : result;
    }
  }

  /** Calls a function whose result says nothing. */
  void run(long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      invoke(arena.allocate(CALL_STATE), arguments);
    }
  }

  private long invoke(MemorySegment state, long[] a) {
    MethodHandle handle = handle(a.length);
    try {
      return switch (a.length) {
        case 0 -> (long) handle.invokeExact(address, state);
        case 1 -> (long) handle.invokeExact(address, state, a[0]);
        case 2 -> (long) handle.invokeExact(address, state, a[0], a[1]);
        case 3 -> (long) handle.invokeExact(address, state, a[0], a[1], a[2]);
        case 4 -> (long) handle.invokeExact(address, state, a[0], a[1], a[2], a[3]);
        case 5 -> (long) handle.invokeExact(address, state, a[0], a[1], a[2], a[3], a[4]);
        default -> (long) handle.invokeExact(address, state, a[0], a[1], a[2], a[3], a[4], a[5]);
      };
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  private static MethodHandle handle(int parameters) {
    MethodHandle handle = HANDLES[parameters];
    if (handle == null) {
      MemoryLayout[] types = new MemoryLayout[parameters];
      Arrays.fill(types, ValueLayout.JAVA_LONG);
      handle =
          ForeignFunctions.handle(
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, types), CAPTURE_ERRNO);
      HANDLES[parameters] = handle;
    }
    return handle;
  }

  private static int errno(MemorySegment state) {
    return state.get(ValueLayout.JAVA_INT, ERRNO);
  }
}
