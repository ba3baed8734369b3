package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools of libmemcached, where they are installed: does it conform, does it verify. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LibmemcachedTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Where a program is, or null. */
  private static Path find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  private static String run(String program, String... arguments)
      throws IOException, InterruptedException {
    Path file = find(program);
    assumeTrue(file != null, "there is no " + program + "; install Debian's libmemcached-tools");
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a", "-b"})
  void memccapable(String protocol) throws Exception {
    String said = run("memccapable", "-h", "127.0.0.1", "-p", "" + server.port(), "-v", protocol);
    assertFalse(said.contains("[FAIL]"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "set", "mget"})
  void memcslap(String test) throws Exception {
    run(
        "memcslap",
        "--servers=127.0.0.1:" + server.port(),
        "--test=" + test,
        "--concurrency=4",
        "--execute-number=500");
    run(
        "memcslap",
        "--servers=127.0.0.1:" + server.port(),
        "--test=" + test,
        "--concurrency=4",
        "--execute-number=500",
        "--binary");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void memcaslapVerifies(boolean binary) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("-s", "127.0.0.1:" + server.port(), "-T", "2", "-c", "16", "-x", "20000"));
    arguments.addAll(List.of("-v", "1.0"));
    if (binary) {
      arguments.add("-B");
    }
    String said = run("memcaslap", arguments.toArray(String[]::new));
    assertEquals("0", figure(said, "verify_failed:"), said);
    assertEquals("0", figure(said, "verify_misses:"), said);
  }

  private static String figure(String said, String name) {
    return said.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElse("missing");
  }
}
