package io.farheap.apps.doctor;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Examines whether the libraries for RDMA can be loaded.
 *
 * @param files the system's files
 * @param loadable tells whether a library can be loaded by its name
 */
record RdmaLibrariesCheck(FileTree files, Predicate<String> loadable) implements Check {
  private static final List<String> LIBRARIES = List.of("libibverbs.so.1", "librdmacm.so.1");
  private static final String REMEDY =
      "apt-get install libibverbs1 librdmacm1 ibverbs-providers   (Fedora: dnf install libibverbs"
          + " librdmacm)";

  static RdmaLibrariesCheck of(FileTree files) {
    return new RdmaLibrariesCheck(files, RdmaLibrariesCheck::canLoad);
  }

  private static boolean canLoad(String library) {
    try (Arena arena = Arena.ofConfined()) {
      return ForeignFunctions.library(library, arena).isPresent();
    }
  }

  @Override
  public String name() {
    return "rdma-libraries";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.RDMA);
  }

  @Override
  public List<Finding> examine() {
    List<Finding> found = new ArrayList<>();
    for (String library : LIBRARIES) {
      if (!loadable.test(library)) {
        found.add(Finding.broken(library + " cannot be loaded", REMEDY));
      }
    }
    if (!found.isEmpty()) {
      return found;
    }
    if (files.names("etc/libibverbs.d").isEmpty()) {
      return List.of(Finding.broken("libibverbs has no drivers in /etc/libibverbs.d", REMEDY));
    }
    return List.of(Finding.ok(String.join(" and ", LIBRARIES) + " are there"));
  }
}
