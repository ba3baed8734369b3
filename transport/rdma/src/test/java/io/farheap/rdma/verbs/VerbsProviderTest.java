package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaVerbs;
import io.farheap.transport.LocatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which provider DiSNI's classes use, and what is said where that cannot be. */
class VerbsProviderTest {
  @Test
  void providersHaveNames() {
    assertEquals(VerbsProvider.FARHEAP, VerbsProvider.named("farheap"));
    assertEquals(VerbsProvider.DISNI, VerbsProvider.named("disni"));
    LocatorException e = assertThrows(LocatorException.class, () -> VerbsProvider.named("x"));
    assertEquals("rdma-provider is 'x'; it must be one of farheap, disni", e.getMessage());
  }

  @Test
  void oursIsUsedAndNoOtherBeside() throws IOException {
    VerbsProvider.installForTests();
    VerbsProvider.installForTests();
    assertEquals(Optional.of(VerbsProvider.FARHEAP), VerbsProvider.installed());
    assertEquals(FfmVerbs.class, RdmaVerbs.open().getClass());
    assertEquals(FfmCm.class, RdmaCm.open().getClass());
    assertEquals(32, RdmaVerbs.getVersion());
    VerbsUnavailableException e =
        assertThrows(VerbsUnavailableException.class, VerbsProvider.DISNI::install);
    assertTrue(e.getMessage().contains("uses farheap already"), e.getMessage());
  }

  @Test
  void missingLibraryNamesThePackages() {
    VerbsUnavailableException e =
        assertThrows(
            VerbsUnavailableException.class,
            () -> Libraries.function("libibverbs.so.1", Optional.empty(), "ibv_reg_mr"));
    assertEquals(
        "RDMA needs libibverbs.so.1, not found; on Debian and Ubuntu: sudo apt-get install"
            + " libibverbs1 librdmacm1 ibverbs-providers",
        e.getMessage());
    e =
        assertThrows(
            VerbsUnavailableException.class,
            () ->
                Libraries.function(
                    "libibverbs.so.1", Optional.of(name -> Optional.empty()), "ibv_new"));
    assertTrue(e.getMessage().contains("ibv_new"), e.getMessage());
  }

  @Test
  void stockProviderSaysWhatItLacks() throws Exception {
    assertTrue(stock(List.of()).contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED"));
    String message = stock(List.of("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));
    assertTrue(message.contains("libdisni.so in /nowhere"), message);
  }

  /** What installing DiSNI's own provider says, in a process that has no libdisni. */
  private static String stock(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.library.path=/nowhere");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Stock.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** Installs DiSNI's own provider. */
  static final class Stock {
    public static void main(String[] args) {
      try {
        VerbsProvider.DISNI.install();
      } catch (VerbsUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
