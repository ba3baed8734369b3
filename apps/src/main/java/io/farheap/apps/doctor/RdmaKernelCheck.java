package io.farheap.apps.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Examines whether the kernel lets programs use RDMA: its modules, and the files in {@code /dev}.
 *
 * @param files the system's files
 */
record RdmaKernelCheck(FileTree files) implements Check {
  private static final List<String> MODULES = List.of("ib_uverbs", "rdma_ucm");
  private static final String DEVICES = "dev/infiniband";
  private static final String MANAGER = "rdma_cm";

  @Override
  public String name() {
    return "rdma-kernel";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.RDMA);
  }

  @Override
  public List<Finding> examine() {
    List<String> missing =
        MODULES.stream().filter(module -> !files.has("sys/module/" + module)).toList();
    if (!missing.isEmpty()) {
      return List.of(modulesMissing(String.join(" and ", missing)));
    }
    List<Finding> found = new ArrayList<>();
    for (String name : files.names(DEVICES)) {
      if (name.equals(MANAGER) || name.startsWith("uverbs")) {
        accessible(name).ifPresent(found::add);
      }
    }
    if (!files.has(DEVICES + "/" + MANAGER)) {
      found.add(
          Finding.broken(
              "there is no /dev/infiniband/" + MANAGER,
              "apt-get install rdma-core && udevadm trigger   (docker run --device"
                  + " /dev/infiniband)"));
    }
    return found.isEmpty()
        ? List.of(Finding.ok("modules " + String.join(" and ", MODULES) + " are loaded"))
        : found;
  }

  private Finding modulesMissing(String names) {
    String release = files.text("proc/sys/kernel/osrelease").orElse("unknown");
    boolean hasThem =
        files.lines("lib/modules/" + release + "/modules.dep").stream()
            .anyMatch(line -> line.contains("/" + MODULES.getFirst() + ".ko"));
    return hasThem
        ? Finding.broken(
            "kernel modules that are not loaded: " + names,
            "modprobe -a " + String.join(" ", MODULES))
        : Finding.broken(
            "kernel " + release + " does not have " + names,
            "boot a kernel that has them (Debian: apt-get install linux-image-amd64)");
  }

  private Optional<Finding> accessible(String name) {
    Path device = files.path(DEVICES + "/" + name);
    return Files.isReadable(device) && Files.isWritable(device)
        ? Optional.empty()
        : Optional.of(
            Finding.broken(
                "/dev/infiniband/" + name + " is not open to this user",
                "chmod 666 /dev/infiniband/" + name + "   (for good: rdma-core's udev rules)"));
  }
}
