package io.farheap.rdma.verbs;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/** The libraries whose functions the verbs are, loaded when first asked for. */
final class Libraries {
  private static final String PACKAGES =
      "; on Debian and Ubuntu: sudo apt-get install libibverbs1 librdmacm1 ibverbs-providers";

  private Libraries() {}

  /**
   * Refuses to go on without the libraries.
   *
   * @throws VerbsUnavailableException naming the packages to install
   */
  static void require() {
    Abi.requireMachine();
    function("libibverbs.so.1", Holder.VERBS, "ibv_get_device_list");
    function("librdmacm.so.1", Holder.MANAGER, "rdma_create_event_channel");
  }

  /** A function of libibverbs. */
  static NativeFunction verbs(String name) {
    return function("libibverbs.so.1", Holder.VERBS, name);
  }

  /** A function that only later versions of libibverbs have. */
  static Optional<NativeFunction> laterVerbs(String name) {
    return Holder.VERBS
        .flatMap(library -> library.find(name))
        .map(address -> new NativeFunction(name, address));
  }

  /** A function of librdmacm. */
  static NativeFunction manager(String name) {
    return function("librdmacm.so.1", Holder.MANAGER, name);
  }

  /** A function of the C library. */
  static NativeFunction system(String name) {
    return function("libc", Optional.of(ForeignFunctions.cLibrary()), name);
  }

  /** A function by its pointer, as a context holds it. */
  static NativeFunction at(String name, long rawAddress) {
    return new NativeFunction(name, MemorySegment.ofAddress(rawAddress));
  }

  static NativeFunction function(String file, Optional<SymbolLookup> library, String name) {
    SymbolLookup lookup =
        library.orElseThrow(
            () -> new VerbsUnavailableException("RDMA needs " + file + ", not found" + PACKAGES));
    MemorySegment address =
        lookup
            .find(name)
            .orElseThrow(
                () ->
                    new VerbsUnavailableException(
                        "RDMA needs " + name + " of " + file + ", too old here" + PACKAGES));
    return new NativeFunction(name, address);
  }

  /** Loads on first use. */
  private static final class Holder {
    static final Optional<SymbolLookup> VERBS = load("libibverbs.so.1");
    static final Optional<SymbolLookup> MANAGER = load("librdmacm.so.1");

    private static Optional<SymbolLookup> load(String file) {
      return ForeignFunctions.library(file, Arena.global());
    }
  }
}
