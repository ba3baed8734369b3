package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that may lock less memory than it registers. */
@Timeout(180)
class MemlockGuestTest {
  private static final int REFUSED = 3;

  @BeforeAll
  static void requireDevice() {
    Guest.requireDevice();
  }

  @Test
  void lowLimitIsNamed() throws Exception {
    // The super-user too is bound by the limit without this one right.
    Process process =
        new ProcessBuilder(
                List.of(
                    "setpriv",
                    "--bounding-set",
                    "-ipc_lock",
                    "--inh-caps",
                    "-ipc_lock",
                    "prlimit",
                    "--memlock=1048576:1048576",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx64m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(REFUSED, process.waitFor(), output);
    assertTrue(output.contains("memlock"), output);
  }

  /** Registers a little, then too much. */
  static final class Child {
    public static void main(String[] args) throws IOException {
      Guest.requireDevice();
      try (Connection connection = new Connection()) {
        Endpoint client = connection.client;
        client.register(client.memory(4096), IbvMr.IBV_ACCESS_LOCAL_WRITE);
        client.register(client.memory(16 << 20), IbvMr.IBV_ACCESS_LOCAL_WRITE);
      } catch (VerbsException e) {
        System.out.println(e.getMessage());
        System.exit(REFUSED);
      }
    }
  }
}
