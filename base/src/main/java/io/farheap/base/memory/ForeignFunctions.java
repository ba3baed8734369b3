package io.farheap.base.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The way to C functions. Java restricts it to modules that were given native access, and this is
 * the one module of the project that has to be.
 */
public final class ForeignFunctions {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup C_LIBRARY = LINKER.defaultLookup();

  private ForeignFunctions() {}

  /**
   * A handle for functions of one kind, whose first argument is the function's address.
   *
   * @param descriptor parameters and result
   * @param options how the function is called
   * @return the handle
   */
  @SuppressWarnings("restricted")
  public static MethodHandle handle(FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(descriptor, options);
  }

  /**
   * A function of the C library.
   *
   * @param name its name
   * @param descriptor parameters and result
   * @param options how it is called
   * @return the handle; empty if the library has no such function
   */
  @SuppressWarnings("restricted")
  public static Optional<MethodHandle> ofCLibrary(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return C_LIBRARY
        .find(name)
        .map(function -> LINKER.downcallHandle(function, descriptor, options));
  }

  /** Where the functions of the C library are. */
  public static SymbolLookup cLibrary() {
    return C_LIBRARY;
  }

  /**
   * Loads a shared library.
   *
   * @param file its name, as {@code libibverbs.so.1}, or its path
   * @param arena for how long
   * @return where its functions are; empty if it cannot be loaded
   */
  @SuppressWarnings("restricted")
  public static Optional<SymbolLookup> library(String file, Arena arena) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(file, arena));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
