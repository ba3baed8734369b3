package io.farheap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that is a module itself, with the modules of the heap on its module path: native access
 * for one of them is enough, where access without permission is refused.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModulePathTest {
  /** What Maven resolves for a user of the heap, beside the heap's own classes. */
  private static final Path RESOLVED = Path.of("target", "runtime.classpath");

  private static final Pattern NOT_WANTED = Pattern.compile("(?i)netty|disni|rdma|server|junit");

  private static final String DESCRIPTOR =
      """
      module example {
        requires io.farheap.runtime;
        opens example to io.farheap.runtime;
      }
      """;

  private static final String PROGRAM =
      """
      package example;

      import io.farheap.*;
      import io.farheap.options.HeapOptions;
      import io.farheap.stats.Counter;

      public final class Main {
        record Point(double x, double y) {}

        public static void main(String[] arguments) {
          HeapOptions options =
              HeapOptions.builder()
                  .isolated()
                  .localMemory("2MiB")
                  .farMemory("16MiB")
                  .slabSizeBytes(1 << 20)
                  .farLocator(arguments[0])
                  .build();
          try (FarHeap heap = FarHeap.open(options)) {
            UniquePtr<Point> point = heap.allocate(new Point(1, 2));
            for (int i = 0; i < 1000; i++) {
              UniquePtr<byte[]> _ = heap.allocateBytes(4000); // so that the point goes out
            }
            try (DerefScope scope = heap.enter()) {
              System.out.println(point.deref(scope).byteSize() + " bytes, " + point.get());
            }
            System.out.println("written " + (heap.stats().count(Counter.PAGES_OUT) > 0));
          }
        }
      }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void compile() throws IOException {
    Path source = folder.resolve("source");
    Files.createDirectories(source.resolve("example"));
    Files.writeString(source.resolve("module-info.java"), DESCRIPTOR);
    Files.writeString(source.resolve("example/Main.java"), PROGRAM);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.resolve("example").toString(),
                "--module-path",
                modulePath(),
                source.resolve("module-info.java").toString(),
                source.resolve("example/Main.java").toString());
    assertEquals(0, status);
  }

  private static String modulePath() throws IOException {
    return Path.of("target", "classes") + File.pathSeparator + Files.readString(RESOLVED);
  }

  /** The jar's, or that of the module whose classes a folder has. */
  private static String nameOf(String entry) {
    Path path = Path.of(entry);
    return (path.endsWith("target/classes") ? path.getParent().getParent() : path)
        .getFileName()
        .toString();
  }

  private String run(String locator) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=io.farheap.base"));
    command.addAll(List.of("--illegal-native-access=deny"));
    command.addAll(List.of("--module-path", folder.resolve("example") + ":" + modulePath()));
    command.addAll(List.of("-m", "example/example.Main", locator));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static void assertWorked(String output) {
    assertTrue(output.contains("16 bytes, Point[x=1.0, y=2.0]"), output);
    assertTrue(output.contains("written true"), output);
  }

  @Test
  void aHeapBringsNeitherNettyNorDisni() throws IOException {
    List<String> names =
        Stream.of(Files.readString(RESOLVED).split(File.pathSeparator))
            .map(ModulePathTest::nameOf)
            .toList();
    assertTrue(names.stream().anyMatch(name -> name.startsWith("HdrHistogram")), names.toString());
    assertEquals(
        List.of(), names.stream().filter(name -> NOT_WANTED.matcher(name).find()).toList());
  }

  @Test
  void anEmbeddedHeapNeedsNativeAccessForOneModule() throws Exception {
    assertWorked(run("embedded:"));
    assertWorked(run("embedded:?thread=true"));
  }

  @Test
  void aHeapOnAMemoryServerNeedsNoMore() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (MemoryServer server =
        MemoryServer.start(ServerConfig.insecure(anyPort, 64 << 20, 1 << 20))) {
      assertWorked(run("tcp://127.0.0.1:" + server.addresses().getFirst().getPort()));
    }
  }

  @Test
  void norDoesAHeapOnTheServersSharedMemory() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path slabs = Files.createDirectory(folder.resolve("slabs"));
    try (MemoryServer server =
        MemoryServer.start(
            ServerConfig.insecure(anyPort, 64 << 20, 1 << 20).withMemoryFile(slabs))) {
      assertWorked(run("shm://127.0.0.1:" + server.addresses().getFirst().getPort()));
    }
  }
}
