package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The runnable jar; runs once the build has made it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServerJarIT {
  private static final Path JAR = Path.of("target", "farheap-server.jar");

  @Test
  void itAnswersAndStops() throws Exception {
    try (ChildProcess server =
        JavaCommand.ofJar(JAR, "--listen=tcp://127.0.0.1:0", "--insecure", "--memory=128MiB")
            .errorsWithOutput()
            .start()) {
      Greeting.say(URI.create(server.awaitListening()));
      server.terminate();
      assertEquals(ServerMain.EXIT_OK, server.awaitEnd(), server::said);
      assertFalse(server.said().contains("WARNING"), server::said);
      assertFalse(server.said().contains("SLF4J"), server::said);
    }
  }

  @Test
  void itHoldsThisModuleAndItsLibrariesOnly() throws IOException {
    List<String> known =
        List.of(
            "META-INF/",
            "com/ibm/disni/",
            "io/farheap/base/",
            "io/farheap/rdma/",
            "io/farheap/server/",
            "io/farheap/transport/",
            "io/netty/",
            "org/jctools/",
            "org/slf4j/");
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> strangers =
          jar.stream()
              .filter(entry -> !entry.isDirectory())
              .map(entry -> entry.getName())
              .filter(name -> known.stream().noneMatch(name::startsWith))
              .toList();
      assertEquals(List.of(), strangers);
      assertNotNull(jar.getEntry("META-INF/LICENSE"), "the licence");
      assertNotNull(jar.getEntry("META-INF/LICENSE.txt"), "the licence of SLF4J");
      assertTrue(jar.stream().anyMatch(entry -> entry.getName().endsWith(".so")), "epoll");
    }
  }
}
