package io.farheap.apps.memcached;

import io.farheap.testing.process.ChildProcess;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

/** What is asked of ours is asked of memcached too, so that it asks for the right thing. */
class RealBinaryConformanceTest extends BinaryConformanceContract {
  private static ChildProcess real;

  @AfterAll
  static void stop() {
    if (real != null) {
      real.close();
    }
  }

  @Override
  int port() throws IOException {
    if (real == null) {
      real = Reference.start();
    }
    return real.port();
  }
}
