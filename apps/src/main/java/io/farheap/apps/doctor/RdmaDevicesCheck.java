package io.farheap.apps.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Examines the RDMA devices and their ports. One port that can be used is enough; what is wrong
 * with further ones is advice then.
 *
 * @param files the system's files
 */
record RdmaDevicesCheck(FileTree files) implements Check {
  private static final String INTERFACES = "sys/class/net";

  /** The kernel's number for interfaces of IP over InfiniBand. */
  private static final String TYPE_INFINIBAND = "32";

  @Override
  public String name() {
    return "rdma-devices";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.RDMA);
  }

  @Override
  public List<Finding> examine() {
    List<RdmaPort> ports = RdmaPort.all(files);
    if (ports.isEmpty()) {
      return List.of(noDevice());
    }
    List<Finding> found = new ArrayList<>();
    ports.forEach(port -> found.add(examine(port)));
    boolean usable = found.stream().anyMatch(finding -> finding.verdict() == Verdict.OK);
    return usable ? found.stream().map(RdmaDevicesCheck::soften).toList() : found;
  }

  private static Finding soften(Finding finding) {
    return finding.verdict() == Verdict.BROKEN
        ? new Finding(Verdict.ADVICE, finding.text(), finding.remedy())
        : finding;
  }

  private Finding noDevice() {
    String link =
        files.names(INTERFACES).stream()
            .filter(name -> !name.equals("lo"))
            .filter(
                name ->
                    files.text(INTERFACES + "/" + name + "/operstate").equals(Optional.of("up")))
            .findFirst()
            .orElse("eth0");
    return Finding.broken(
        "there is no RDMA device in /sys/class/infiniband",
        "install the card's driver; or use soft-RoCE: modprobe rdma_rxe && rdma link add rxe0 type"
            + " rxe netdev "
            + link);
  }

  private Finding examine(RdmaPort port) {
    String text =
        port.label()
            + " is "
            + port.state()
            + ", "
            + (port.ethernet() ? "RoCE" : "InfiniBand")
            + ", "
            + port.rate();
    if (!port.isActive()) {
      return Finding.broken(text, inactive(port));
    }
    return port.ethernet() ? roce(port, text) : infiniband(port, text);
  }

  private static String inactive(RdmaPort port) {
    if (port.ethernet()) {
      return "ip link set " + link(port) + " up, and look at the cable";
    }
    return port.state().equals("INIT")
        ? "start a subnet manager: apt-get install opensm (on one machine of the network)"
        : "look at the cable and the switch: ibstat " + port.device();
  }

  private static String link(RdmaPort port) {
    return port.interfaces().isEmpty() ? "INTERFACE" : port.interfaces().getFirst();
  }

  private static Finding roce(RdmaPort port, String text) {
    Optional<RdmaPort.Gid> gid = port.ipv4Gid();
    return gid.isPresent()
        ? Finding.ok(text + ", " + gid.get().ipv4().orElseThrow() + " is GID " + gid.get().index())
        : Finding.broken(
            text
                + ", but has no IPv4 address for RoCE v2 among its "
                + port.gids().size()
                + " GIDs",
            "ip address add ADDRESS/24 dev " + link(port));
  }

  /** Connections are made by IP addresses there too. */
  private Finding infiniband(RdmaPort port, String text) {
    for (String name : port.interfaces()) {
      if (files.text(INTERFACES + "/" + name + "/type").equals(Optional.of(TYPE_INFINIBAND))) {
        return files.text(INTERFACES + "/" + name + "/operstate").equals(Optional.of("up"))
            ? Finding.ok(text + ", with IP over InfiniBand on " + name)
            : Finding.broken(
                text + ", but its interface " + name + " is down", "ip link set " + name + " up");
      }
    }
    return Finding.broken(
        text + ", but has no interface for IP over InfiniBand, by whose address it is found",
        "modprobe ib_ipoib && ip address add ADDRESS/24 dev ib0 && ip link set ib0 up");
  }
}
