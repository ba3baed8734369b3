package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaVerbs;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.LocatorException;
import java.io.IOException;
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
    assertTrue(stock().contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED"));
    String message = stock("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    assertTrue(message.contains("libdisni.so in /nowhere"), message);
  }

  /** What installing DiSNI's own provider says, in a process that has no libdisni. */
  private static String stock(String... options) throws IOException, InterruptedException {
    try (ChildProcess child =
        JavaCommand.of(Stock.class)
            .options("-Djava.library.path=/nowhere")
            .options(options)
            .errorsWithOutput()
            .start()) {
      assertEquals(0, child.awaitEnd(), child::said);
      return child.said();
    }
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
