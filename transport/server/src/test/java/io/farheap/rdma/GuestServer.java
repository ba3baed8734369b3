package io.farheap.rdma;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.rdma.verbs.Devices;
import io.farheap.rdma.verbs.VerbsUnavailableException;
import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/** A memory server with an RDMA device, in a process of its own. */
final class GuestServer implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private final ChildProcess process;

  private GuestServer(ChildProcess process) {
    this.process = process;
  }

  /** Skips the test where there is no RDMA device. */
  static void requireDevice() {
    assumeTrue(hasDevice(), "no RDMA device here; farheap test --rdma makes one");
  }

  private static boolean hasDevice() {
    try {
      return !Devices.names().isEmpty();
    } catch (VerbsUnavailableException e) {
      return false;
    }
  }

  /** The address of the device's network interface. */
  static String deviceAddress() {
    String named = System.getenv("GUEST_ADDRESS");
    try {
      return named != null
          ? named
          : NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
              .findFirst()
              .orElseThrow()
              .getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one with further options; it is slow to hear and to forget, as everything is there. */
  static GuestServer start(long memoryBytes, long slabBytes, String... options) {
    List<String> all = new ArrayList<>(List.of("--silence=30s", "--rdma=" + deviceAddress()));
    all.addAll(List.of(options));
    return start(List.of(), memoryBytes, slabBytes, all);
  }

  /** Starts one by another command that runs it, with the options given only. */
  static GuestServer start(
      List<String> runner, long memoryBytes, long slabBytes, List<String> options) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--insecure", "--listen=tcp://127.0.0.1:0"));
    all.addAll(List.of("--memory=" + memoryBytes, "--slab=" + slabBytes));
    all.addAll(options);
    JavaCommand command = JavaCommand.of(ServerMain.class, all.toArray(String[]::new));
    try {
      ChildProcess process = small(command).under(runner).start();
      process.awaitPort();
      return new GuestServer(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Small and quick to start. */
  static JavaCommand small(JavaCommand command) {
    return command.options("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  String locator(String settings) {
    return locator(port(), settings);
  }

  static String locator(int port, String settings) {
    String retry = settings.contains("retry=") ? "" : "&retry=30s";
    return "rdma://127.0.0.1:" + port + "?connect=30s" + retry + settings;
  }

  /** Runs a command without the right to lock as much memory as it likes. */
  static List<String> withLockedLimit(int kibibytes) {
    return List.of(
        "setpriv",
        "--bounding-set=-ipc_lock",
        "--",
        "sh",
        "-c",
        "ulimit -l " + kibibytes + " && exec \"$@\"",
        "sh");
  }

  /** Opens far memory there; what is slow in the guest is everything that is done first. */
  FarMemory open(String settings) {
    return openLocator(locator(settings));
  }

  static FarMemory openLocator(String locator) {
    ConnectionLostException failure = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return Transports.open(locator, TransportOptions.defaults());
      } catch (ConnectionLostException e) {
        failure = e;
      }
    }
    throw failure;
  }

  int port() {
    return process.port();
  }

  /** Sends a signal, for example KILL. */
  void signal(String name) {
    process.signal(name);
  }

  @Override
  public void close() {
    process.close();
  }
}
