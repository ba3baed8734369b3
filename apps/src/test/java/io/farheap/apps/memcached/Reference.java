package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.RealMemcached;

/** The memcached to compare with. */
final class Reference {
  private static final String RELEASE = "1.6.18";

  private Reference() {}

  /** Starts it; the test is skipped, with a message, where there is none of the release. */
  static ChildProcess start() {
    String version = RealMemcached.version().orElse("there is none; install Debian's memcached");
    assumeTrue(
        version.contains(RELEASE), "no memcached " + RELEASE + " to compare with: " + version);
    return RealMemcached.start();
  }
}
