package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A memory server in a process of its own. */
final class ServerProcess implements AutoCloseable {
  private static final int WAIT_SECONDS = 30;
  private static final String LISTENING = "listening on ";

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private ServerProcess(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the main class of this build. */
  static ServerProcess ofClasses(Map<String, String> environment, String... options)
      throws IOException {
    return of(
        List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName()),
        environment,
        options);
  }

  /** Starts a jar. */
  static ServerProcess ofJar(Path jar, String... options) throws IOException {
    return of(List.of("-jar", jar.toString()), Map.of(), options);
  }

  private static ServerProcess of(
      List<String> what, Map<String, String> environment, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The jar's manifest grants it.
    if (!what.contains("-jar")) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(what);
    command.addAll(List.of(options));
    return new ServerProcess(command, environment);
  }

  /** Waits until it listens, and answers where. */
  URI locator() throws IOException {
    String line = awaitLine(LISTENING);
    return URI.create(line.substring(line.indexOf(LISTENING) + LISTENING.length()));
  }

  /** Reads on until a line holds a text. */
  String awaitLine(String text) throws IOException {
    String line = output.readLine();
    while (line != null && !line.contains(text)) {
      lines.add(line);
      line = output.readLine();
    }
    assertTrue(line != null, () -> "the server ended without '" + text + "', it said " + lines);
    lines.add(line);
    return line;
  }

  /** Waits for the end; answers the exit code. */
  int awaitEnd() throws IOException, InterruptedException {
    String line = output.readLine();
    while (line != null) {
      lines.add(line);
      line = output.readLine();
    }
    assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "the server does not end");
    return process.exitValue();
  }

  /** What it has said so far. */
  String said() {
    return String.join("\n", lines);
  }

  /** Sends SIGTERM, and leaves its output open. */
  void terminate() {
    assertTrue(process.toHandle().destroy(), "SIGTERM could not be sent");
  }

  /** Says HELLO, and fails unless the server answers. */
  static void greet(URI locator) throws IOException {
    byte[] hello = new Hello(1, 1, 0, new byte[Protocol.ID_BYTES], "").encode();
    byte[] frame = new byte[FrameLayout.HEADER_BYTES + hello.length];
    ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    FrameLayout.putHeader(bytes, 0, frame.length, Opcode.HELLO, 0, Status.OK, 0, 0, 0, 0);
    bytes.put(FrameLayout.HEADER_BYTES, hello);
    new FrameChecksum().seal(bytes, 0, frame.length);
    try (Socket socket = new Socket(locator.getHost(), locator.getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      socket.getOutputStream().write(frame);
      byte[] header = new byte[FrameLayout.HEADER_BYTES];
      new DataInputStream(socket.getInputStream()).readFully(header);
      // Opcode, flags and status.
      ByteBuffer reply = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      int at = FrameLayout.PREFIX_BYTES;
      assertEquals(Opcode.HELLO.code(), reply.get(at));
      assertEquals(FrameLayout.REPLY, reply.get(at + 1));
      assertEquals(Status.OK.code(), reply.getShort(at + 2));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
