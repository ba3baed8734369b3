package io.farheap.jmh.fetch;

import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A memory server in a process of its own, and how it is reached. */
final class FetchServer implements AutoCloseable {
  /** Two of them fit into what containers give /dev/shm. */
  static final long SLAB_BYTES = 32L << 20;

  private static final String[] COMMON = {
    "--listen=tcp://127.0.0.1:0", "--memory=128MiB", "--slab=32MiB"
  };

  private final ChildProcess process;
  private final String locator;

  /** Null if there are no files to delete. */
  private final Path folder;

  private FetchServer(ChildProcess process, String locator, Path folder) {
    this.process = process;
    this.locator = locator;
    this.folder = folder;
  }

  /** Starts one that lets anybody in, with further options. */
  static FetchServer insecure(String... options) {
    List<String> all = new ArrayList<>(Arrays.asList(COMMON));
    all.add("--insecure");
    all.addAll(Arrays.asList(options));
    ChildProcess process =
        JavaCommand.of(ServerMain.class, all.toArray(String[]::new)).startListening();
    return new FetchServer(process, "tcp://127.0.0.1:" + process.port() + "?connections=1", null);
  }

  /** Starts one whose slabs can be mapped; its files are in a folder such as /dev/shm. */
  static FetchServer mapped(Path files) {
    FetchServer server = insecure("--memory-file=" + files);
    return new FetchServer(server.process, server.locator.replace("tcp:", "shm:"), null);
  }

  /** Starts one that speaks TLS and wants a token. */
  static FetchServer secure() {
    try {
      Path folder = Files.createTempDirectory("farheap-bench");
      ServerCertificate files = new ServerCertificate(folder);
      List<String> all = new ArrayList<>(Arrays.asList(COMMON));
      all.add("--tls-cert=" + files.certificate());
      all.add("--tls-key=" + files.key());
      all.add("--token-file=" + files.token());
      ChildProcess process =
          JavaCommand.of(ServerMain.class, all.toArray(String[]::new)).startListening();
      return new FetchServer(
          process,
          "tcp://127.0.0.1:"
              + process.port()
              + "?connections=1&tls-ca="
              + files.certificate()
              + "&token-file="
              + files.token(),
          folder);
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the files of TLS", e);
    }
  }

  ChildProcess process() {
    return process;
  }

  /** A client with a slab, which reads at random places of its first bytes. */
  FarReader reader(long rangeBytes) {
    return new FarReader(locator, SLAB_BYTES, rangeBytes);
  }

  @Override
  public void close() {
    process.close();
    if (folder != null) {
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " could not be deleted", e);
    }
  }
}
