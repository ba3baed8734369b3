package io.farheap.apps.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files by which a system describes itself, as kernels and cards of each kind do. */
final class FakeSystem {
  private static final String UNSET = "0000:0000:0000:0000:0000:0000:0000:0000";
  private static final String LINK_LOCAL = "fe80:0000:0000:0000:5054:00ff:fe12:3456";

  /** 10.0.2.15. */
  private static final String IPV4 = "0000:0000:0000:0000:0000:ffff:0a00:020f";

  private final Path root;

  FakeSystem(Path root) {
    this.root = root;
  }

  FileTree files() {
    return new FileTree(root);
  }

  FakeSystem with(String relative, String text) {
    try {
      Path file = root.resolve(relative);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeSystem withLink(String name, String type, String state) {
    return with("sys/class/net/" + name + "/type", type)
        .with("sys/class/net/" + name + "/operstate", state);
  }

  /** What a kernel has that lets programs use RDMA. */
  FakeSystem withRdmaKernel() {
    return with("sys/module/ib_uverbs/refcnt", "1")
        .with("sys/module/rdma_ucm/refcnt", "0")
        .with("dev/infiniband/uverbs0", "")
        .with("dev/infiniband/rdma_cm", "");
  }

  private FakeSystem withPort(String device, String state, String linkLayer, String rate) {
    String port = "sys/class/infiniband/" + device + "/ports/1/";
    return with(port + "state", state)
        .with(port + "link_layer", linkLayer)
        .with(port + "rate", rate);
  }

  private FakeSystem withGid(String device, int index, String gid, String type, String link) {
    String port = "sys/class/infiniband/" + device + "/ports/1/";
    return with(port + "gids/" + index, gid)
        .with(port + "gid_attrs/types/" + index, type)
        .with(port + "gid_attrs/ndevs/" + index, link);
  }

  /** Soft-RoCE on eth0. */
  FakeSystem withRxe() {
    return withPort("rxe0", "4: ACTIVE", "Ethernet", "2.5 Gb/sec (1X SDR)")
        .with("sys/class/infiniband/rxe0/parent", "eth0")
        .withGid("rxe0", 0, LINK_LOCAL, "RoCE v2", "eth0")
        .withGid("rxe0", 1, IPV4, "RoCE v2", "eth0")
        .withGid("rxe0", 2, UNSET, "", "");
  }

  /** A ConnectX card on Ethernet, with an address for either version of RoCE. */
  FakeSystem withRoceCard(String state) {
    return withPort("mlx5_0", state, "Ethernet", "100 Gb/sec (4X EDR)")
        .with("sys/class/infiniband/mlx5_0/device/net/ens1f0/type", "1")
        .withGid("mlx5_0", 0, LINK_LOCAL, "IB/RoCE v1", "ens1f0")
        .withGid("mlx5_0", 1, LINK_LOCAL, "RoCE v2", "ens1f0")
        .withGid("mlx5_0", 2, IPV4, "IB/RoCE v1", "ens1f0")
        .withGid("mlx5_0", 3, IPV4, "RoCE v2", "ens1f0");
  }

  /** The same without an IPv4 address. */
  FakeSystem withRoceCardWithoutAddress() {
    return withPort("mlx5_0", "4: ACTIVE", "Ethernet", "100 Gb/sec (4X EDR)")
        .with("sys/class/infiniband/mlx5_0/device/net/ens1f0/type", "1")
        .withGid("mlx5_0", 0, LINK_LOCAL, "IB/RoCE v1", "ens1f0")
        .withGid("mlx5_0", 1, LINK_LOCAL, "RoCE v2", "ens1f0");
  }

  /** A ConnectX card on InfiniBand. */
  FakeSystem withInfinibandCard(String state) {
    return withPort("mlx5_1", state, "InfiniBand", "200 Gb/sec (4X HDR)")
        .withGid("mlx5_1", 0, "fe80:0000:0000:0000:b859:9f03:00d4:aa60", "IB/RoCE v1", "");
  }

  /** IP over InfiniBand on that card. */
  FakeSystem withIpOverInfiniband(String state) {
    return with("sys/class/infiniband/mlx5_1/device/net/ib0/type", "32")
        .withLink("ib0", "32", state);
  }

  FakeSystem withMemlock(String softLimit, String capabilities) {
    return with(
            "proc/self/limits",
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              unlimited            unlimited            seconds
            Max locked memory         %-20s unlimited            bytes
            Max address space         unlimited            unlimited            bytes"""
                .formatted(softLimit))
        .with("proc/self/status", "Name:\tjava\nCapEff:\t" + capabilities);
  }
}
