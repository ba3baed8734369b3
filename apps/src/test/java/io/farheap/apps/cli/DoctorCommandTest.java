package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return FarheapCli.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void theDefaultTransportsWorkWhereTestsRun() {
    assertEquals(0, run("doctor"), () -> out + "\n" + err);
    assertTrue(out.toString().startsWith("embedded  works here\n"), out::toString);
  }

  @Test
  void theExitCodeIsAboutWhatIsNeeded() {
    boolean device = Files.isDirectory(Path.of("/sys/class/infiniband"));
    int code = run("doctor", "--need", "rdma,tcp", "--json");
    JsonObject root = JsonParser.parseString(out.toString()).getAsJsonObject();
    boolean works = root.getAsJsonObject("works").get("rdma").getAsBoolean();
    assertEquals(works ? 0 : 1, code, err::toString);
    assertTrue(device || !works, out::toString);
  }

  @Test
  void anUnknownTransportIsNamed() {
    assertEquals(2, run("doctor", "--need", "pigeon"));
    assertTrue(err.toString().contains("pigeon"), err::toString);
  }
}
