package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
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
    try (ChildProcess process =
        JavaCommand.of(Child.class)
            .under(List.of("setpriv", "--bounding-set", "-ipc_lock", "--inh-caps", "-ipc_lock"))
            .under(List.of("prlimit", "--memlock=1048576:1048576"))
            .options("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .errorsWithOutput()
            .start()) {
      assertEquals(REFUSED, process.awaitEnd(), process::said);
      assertTrue(process.said().contains("memlock"), process::said);
    }
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
