package io.farheap.apps.doctor;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Examines whether a range of addresses can be reserved beyond the memory that there is: tables and
 * slabs are reserved for what they may become.
 *
 * @param files the system's files
 */
record OvercommitCheck(FileTree files) implements Check {
  private static final String STRICT = "2";

  @Override
  public String name() {
    return "overcommit";
  }

  @Override
  public Set<TransportKind> concerns() {
    return EnumSet.allOf(TransportKind.class);
  }

  @Override
  public List<Finding> examine() {
    String mode = files.text("proc/sys/vm/overcommit_memory").orElse("unknown");
    return List.of(
        mode.equals(STRICT)
            ? Finding.advice(
                "vm.overcommit_memory is 2: what heaps and servers reserve counts in full",
                "sysctl vm.overcommit_memory=0")
            : Finding.ok("vm.overcommit_memory is " + mode));
  }
}
