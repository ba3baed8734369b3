package io.farheap.jmh.memcached;

import io.farheap.apps.cli.FarheapCli;
import io.farheap.testing.process.JavaCommand;

/** Our memcached, as users start it. */
public final class FarMemcached {
  private static final long MIB = 1 << 20;

  private FarMemcached() {}

  /**
   * Starts one.
   *
   * @param localBytes its local memory, rounded up to MiB
   * @param farBytes memory for items in all, rounded up to MiB
   * @param threads that serve
   * @param mode hybrid, paging or object
   * @param locator where its far memory is
   * @return the running process
   * @throws IllegalStateException if it ends before it listens
   */
  public static ServerProcess start(
      long localBytes, long farBytes, int threads, String mode, String locator) {
    return new ServerProcess(
        JavaCommand.of(FarheapCli.class, "memcached", "--port", "0", "--listen", "127.0.0.1")
            .arguments("--max-connections", "4096", "--threads", Integer.toString(threads))
            .arguments("--memory", mebibytes(localBytes), "--far", mebibytes(farBytes))
            .arguments("--mode", mode, "--server", locator)
            .startListening(),
        () -> {});
  }

  private static String mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB + "MiB";
  }
}
