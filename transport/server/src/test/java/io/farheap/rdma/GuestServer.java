package io.farheap.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.rdma.verbs.Devices;
import io.farheap.rdma.verbs.VerbsUnavailableException;
import io.farheap.server.ServerMain;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A memory server with an RDMA device, in a process of its own. */
final class GuestServer implements AutoCloseable {
  private static final long STOP_SECONDS = 60;
  private static final int ATTEMPTS = 5;
  private static final String LISTENING = "listening on tcp://";

  private final Process process;
  private final int port;

  private GuestServer(Process process, int port) {
    this.process = process;
    this.port = port;
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
    List<String> command = new ArrayList<>(runner);
    command.addAll(java("-Xmx64m"));
    command.addAll(
        List.of(
            ServerMain.class.getName(),
            "--insecure",
            "--listen=tcp://127.0.0.1:0",
            "--memory=" + memoryBytes,
            "--slab=" + slabBytes));
    command.addAll(options);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader said =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = said.readLine();
      while (line != null && !line.contains(LISTENING)) {
        line = said.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("the server ended before it listened");
      }
      return new GuestServer(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The beginning of a command for a Java process of this class path. */
  static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path")));
    return command;
  }

  String locator(String settings) {
    return locator(port, settings);
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
    return port;
  }

  /** Sends a signal, for example KILL. */
  void signal(String name) {
    signal(process, name);
  }

  static void signal(Process process, String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      assertEquals(0, kill.waitFor());
      if (name.equals("KILL")) {
        process.waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
  }
}
