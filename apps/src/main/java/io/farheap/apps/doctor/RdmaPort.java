package io.farheap.apps.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A port of an RDMA device, as {@code /sys/class/infiniband} has it.
 *
 * @param device the device, such as {@code mlx5_0}
 * @param number from 1
 * @param state such as {@code ACTIVE} or {@code DOWN}
 * @param ethernet whether it is RoCE, otherwise it is InfiniBand
 * @param rate such as {@code 100 Gb/sec (4X EDR)}
 * @param interfaces network interfaces on it
 * @param gids its addresses, without those that are not set
 */
record RdmaPort(
    String device,
    int number,
    String state,
    boolean ethernet,
    String rate,
    List<String> interfaces,
    List<Gid> gids) {
  private static final String ROOT = "sys/class/infiniband";
  private static final String UNSET = "0000:0000:0000:0000:0000:0000:0000:0000";
  private static final String ROCE_V2 = "RoCE v2";

  /**
   * An address of a port.
   *
   * @param index its index in the port's table
   * @param value eight groups of hexadecimal digits
   * @param type such as {@code RoCE v2}
   */
  record Gid(int index, String value, String type) {
    private static final String IPV4_PREFIX = "0000:0000:0000:0000:0000:ffff:";

    /** The IPv4 address that is mapped into it. */
    Optional<String> ipv4() {
      if (!value.startsWith(IPV4_PREFIX)) {
        return Optional.empty();
      }
      String digits = value.substring(IPV4_PREFIX.length()).replace(":", "");
      List<String> bytes = new ArrayList<>();
      for (int i = 0; i < digits.length(); i += 2) {
        bytes.add(Integer.toString(Integer.parseInt(digits.substring(i, i + 2), 16)));
      }
      return Optional.of(String.join(".", bytes));
    }

    boolean isRoceV2() {
      return type.equals(ROCE_V2);
    }
  }

  /** All ports of all devices. */
  static List<RdmaPort> all(FileTree files) {
    List<RdmaPort> ports = new ArrayList<>();
    for (String device : files.names(ROOT)) {
      for (String number : files.names(ROOT + "/" + device + "/ports")) {
        ports.add(read(files, device, number));
      }
    }
    return ports;
  }

  private static RdmaPort read(FileTree files, String device, String number) {
    String folder = ROOT + "/" + device + "/ports/" + number;
    boolean ethernet = files.text(folder + "/link_layer").orElse("").equals("Ethernet");
    List<Gid> gids = new ArrayList<>();
    TreeSet<String> interfaces = new TreeSet<>();
    for (String index : files.names(folder + "/gids")) {
      String value = files.text(folder + "/gids/" + index).orElse(UNSET);
      if (!value.equals(UNSET)) {
        String type = files.text(folder + "/gid_attrs/types/" + index).orElse("");
        gids.add(new Gid(Integer.parseInt(index), value, type));
        files.text(folder + "/gid_attrs/ndevs/" + index).ifPresent(interfaces::add);
      }
    }
    interfaces.addAll(files.names(ROOT + "/" + device + "/device/net"));
    files.text(ROOT + "/" + device + "/parent").ifPresent(interfaces::add); // of soft-RoCE
    return new RdmaPort(
        device,
        Integer.parseInt(number),
        files.text(folder + "/state").orElse("unknown").replaceFirst("^[0-9]+: *", ""),
        ethernet,
        files.text(folder + "/rate").orElse("unknown rate"),
        List.copyOf(interfaces),
        List.copyOf(gids));
  }

  boolean isActive() {
    return state.equals("ACTIVE");
  }

  /** The address by which connections over RoCE find the port. */
  Optional<Gid> ipv4Gid() {
    return gids.stream().filter(gid -> gid.isRoceV2() && gid.ipv4().isPresent()).findFirst();
  }

  /** For example {@code mlx5_0 port 1}. */
  String label() {
    return device + " port " + number;
  }
}
