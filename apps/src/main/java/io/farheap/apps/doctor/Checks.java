package io.farheap.apps.doctor;

import io.farheap.options.HeapOptions;
import io.farheap.rdma.verbs.Devices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The checks of this machine. */
public final class Checks {
  private Checks() {}

  /**
   * All checks, in the order in which what they find is to be mended.
   *
   * @return checks of the machine and of this process
   */
  public static List<Check> ofThisMachine() {
    FileTree files = new FileTree(Path.of("/"));
    long localBytes = HeapOptions.load().localMemoryBytes();
    List<Check> checks = new ArrayList<>(ofFiles(files, localBytes));
    // Without a device its check says so.
    RdmaAddress.first(files).map(RoundTrips::rdma).ifPresent(checks::add);
    return checks;
  }

  private static List<Check> ofFiles(FileTree files, long localBytes) {
    return List.of(
        JavaCheck.ofThisProcess(),
        new MemoryLimitCheck(files, localBytes),
        new OvercommitCheck(files),
        new HugePagesCheck(files),
        RoundTrips.embedded(),
        RoundTrips.tcp(),
        SharedMemoryCheck.of(files),
        RoundTrips.shm(files.path("dev/shm")),
        RdmaLibrariesCheck.of(files),
        new RdmaKernelCheck(files),
        new RdmaDevicesCheck(files),
        new RdmaVerbsCheck(Devices::list),
        new MemlockCheck(files, localBytes));
  }
}
