package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;

/** The RDMA device that tests run on. */
final class Guest {
  private Guest() {}

  /** Skips the test where there is no device; installs our provider where there is one. */
  static void requireDevice() {
    boolean there;
    try {
      there = !Devices.names().isEmpty();
    } catch (VerbsUnavailableException e) {
      there = false;
    }
    assumeTrue(there, "no RDMA device here; './farheap test --rdma' runs this in a guest");
    VerbsProvider.FARHEAP.install();
  }

  /** The address of the device's network interface. */
  static InetAddress address() {
    String told = System.getenv("GUEST_ADDRESS");
    try {
      if (told != null) {
        return InetAddress.getByName(told);
      }
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no IPv4 address"));
    } catch (SocketException | UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The latest moment of a wait that lasts milliseconds unless something is broken. */
  static long soon() {
    return System.nanoTime() + 20_000_000_000L;
  }
}
