package io.farheap.apps.doctor;

import io.farheap.base.text.ByteSize;
import io.farheap.rdma.verbs.DeviceAttributes;
import io.farheap.rdma.verbs.Devices;
import io.farheap.rdma.verbs.PortAttributes;
import io.farheap.rdma.verbs.VerbsException;
import io.farheap.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Opens each RDMA device by the library that the transport uses, and asks what it can do.
 *
 * @param library opens them
 */
record RdmaVerbsCheck(Library library) implements Check {
  /** The longest packet that there is; READs of whole pages are one packet then. */
  private static final int MAX_MTU_BYTES = 4096;

  private static final String REMEDY =
      "mend what is broken above; ibv_devinfo must show the device as PORT_ACTIVE";

  /** Opens all devices and asks them. */
  @FunctionalInterface
  interface Library {
    /** The devices, as {@link Devices#list()} returns them. */
    List<Devices.Device> devices() throws VerbsException;
  }

  @Override
  public String name() {
    return "rdma-verbs";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.RDMA);
  }

  @Override
  public List<Finding> examine() {
    List<Finding> found = new ArrayList<>();
    try {
      for (Devices.Device device : library.devices()) {
        found.add(Finding.ok(device.name() + " opens: " + abilities(device.attributes())));
        if (!device.attributes().type2Windows()) {
          found.add(
              Finding.advice(
                  device.name() + " has no memory windows of type 2",
                  "update the card's firmware and rdma-core, if newer ones have them"));
        }
        device.ports().stream()
            .filter(RdmaVerbsCheck::hasShortPackets)
            .forEach(port -> found.add(shortPackets(device, port)));
      }
    } catch (VerbsException | TransportException e) {
      return List.of(Finding.broken(e.getMessage(), REMEDY));
    }
    return found.isEmpty() ? List.of(Finding.broken("libibverbs finds no device", REMEDY)) : found;
  }

  private static String abilities(DeviceAttributes can) {
    return can.maxReadsStarted()
        + " READs at a time, atomics: "
        + can.atomics().name().toLowerCase(Locale.ROOT)
        + ", regions of "
        + (can.maxRegionBytes() < 0 ? "any size" : ByteSize.text(can.maxRegionBytes()));
  }

  private static boolean hasShortPackets(PortAttributes port) {
    return port.state() == PortAttributes.State.ACTIVE && port.activeMtuBytes() < MAX_MTU_BYTES;
  }

  private static Finding shortPackets(Devices.Device device, PortAttributes port) {
    return Finding.advice(
        device.name()
            + " port "
            + port.number()
            + " sends packets of at most "
            + port.activeMtuBytes()
            + " bytes, so a page takes several",
        port.link() == PortAttributes.Link.ETHERNET
            ? "ip link set INTERFACE mtu 9000   (on all machines and the switch)"
            : "set an MTU of 4096 in the subnet manager");
  }
}
