package io.farheap.apps.memcached;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BinaryConformanceTest extends BinaryConformanceContract {
  private static TestServer ours;

  @BeforeAll
  static void start() {
    ours = TestServer.start();
  }

  @AfterAll
  static void stop() {
    ours.close();
  }

  @Override
  int port() {
    return ours.port();
  }
}
