package io.farheap.apps.doctor;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** Finds the address by which a device of this machine is named. */
final class RdmaAddress {
  private RdmaAddress() {}

  /** The IPv4 address of the first port that can be used. */
  static Optional<String> first(FileTree files) {
    return RdmaPort.all(files).stream()
        .filter(RdmaPort::isActive)
        .map(port -> port.ethernet() ? ofGid(port) : ofInterface(port))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> ofGid(RdmaPort port) {
    return port.ipv4Gid().flatMap(RdmaPort.Gid::ipv4);
  }

  private static Optional<String> ofInterface(RdmaPort port) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(link -> port.interfaces().contains(link.getName()))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }
}
