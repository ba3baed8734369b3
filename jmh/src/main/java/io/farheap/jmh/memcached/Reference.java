package io.farheap.jmh.memcached;

import io.farheap.testing.process.RealMemcached;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The system's memcached as it is compared with ours. */
final class Reference {
  private static final long MIB = 1 << 20;

  private Reference() {}

  /** Starts one with so much memory for its items. */
  static ServerProcess start(long memoryBytes, int threads) {
    return new ServerProcess(RealMemcached.start(options(memoryBytes, threads)), () -> {});
  }

  /**
   * Starts one that puts what does not fit into a file, which is deleted when it is closed.
   *
   * @param memoryBytes for its items in memory
   * @param threads that serve
   * @param file where to, preferably in memory
   * @param fileBytes how large the file may become
   */
  static ServerProcess startExtstore(long memoryBytes, int threads, Path file, long fileBytes) {
    // Small pages and quick hands, since it is filled within seconds: with the defaults it would
    // evict most of the items rather than write them out.
    String extstore =
        "ext_page_size=8,ext_wbuf_size=2,ext_threads=1,ext_item_size=64,ext_max_sleep=1000,"
            + "slab_automove_window=3,slab_automove_freeratio=0.1,ext_path="
            + file
            + ":"
            + Math.max(1, fileBytes / MIB)
            + "m";
    String[] options = options(memoryBytes, threads, "-o", extstore);
    return new ServerProcess(RealMemcached.start(options), () -> delete(file));
  }

  private static String[] options(long memoryBytes, int threads, String... more) {
    List<String> options = new ArrayList<>(List.of("-c", "4096", "-t", Integer.toString(threads)));
    options.addAll(List.of("-m", Long.toString(Math.max(1, memoryBytes / MIB))));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be deleted", e);
    }
  }
}
