package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our layouts against the compiler's. */
class LayoutsTest {
  /** Of these we know every field, so that the sizes must agree too. */
  private static final List<CStruct> WHOLE =
      List.of(
          DeviceLayouts.Context.STRUCT,
          DeviceLayouts.Attributes.STRUCT,
          DeviceLayouts.GidEntry.STRUCT,
          QueueLayouts.Domain.STRUCT,
          QueueLayouts.InitAttributes.STRUCT,
          QueueLayouts.Attributes.STRUCT,
          RequestLayouts.Send.STRUCT,
          RequestLayouts.Receive.STRUCT,
          RequestLayouts.ScatterEntry.STRUCT,
          RequestLayouts.Completion.STRUCT,
          RegionLayouts.Region.STRUCT,
          RegionLayouts.Window.STRUCT,
          ManagerLayouts.Channel.STRUCT,
          ManagerLayouts.ConnectionParameters.STRUCT);

  private static final List<CStruct> PARTS =
      List.of(
          DeviceLayouts.Port.STRUCT,
          QueueLayouts.Channel.STRUCT,
          QueueLayouts.CompletionQueue.STRUCT,
          QueueLayouts.QueuePair.STRUCT,
          ManagerLayouts.Event.STRUCT,
          ManagerLayouts.Id.STRUCT);

  @Test
  void theHeadersAgree(@TempDir Path folder) throws Exception {
    List<String> ours = ours();
    Path source = folder.resolve("layouts.c");
    Files.writeString(source, program());
    Path binary = folder.resolve("layouts");
    Path messages = folder.resolve("messages");
    assumeTrue(
        run(messages, "gcc", "-o", binary.toString(), source.toString()) == 0,
        "no C compiler, or no libibverbs-dev and librdmacm-dev: layouts are not checked"
            + " against the headers");
    Path output = folder.resolve("output");
    assertEquals(0, run(output, binary.toString()));
    assertEquals(String.join("\n", ours), Files.readString(output).strip());
    assertTrue(ours.size() > 150, "only " + ours.size() + " facts");
  }

  @Test
  void theFastPathIsWhereItIsSinceVersion17() {
    assertEquals(96, DeviceLayouts.Context.POLL_CQ);
    assertEquals(104, DeviceLayouts.Context.REQ_NOTIFY_CQ);
    assertEquals(208, DeviceLayouts.Context.POST_SEND);
    assertEquals(216, DeviceLayouts.Context.POST_RECV);
    assertEquals(264, DeviceLayouts.Context.CMD_FD);
    assertEquals(328, DeviceLayouts.Context.BYTES);
    assertEquals(128, RequestLayouts.Send.BYTES);
    assertEquals(40, RequestLayouts.Send.RDMA_REMOTE_ADDR);
    assertEquals(48, RequestLayouts.Send.RDMA_RKEY);
    assertEquals(64, RequestLayouts.Send.ATOMIC_RKEY);
    assertEquals(32, RequestLayouts.Receive.BYTES);
    assertEquals(16, RequestLayouts.ScatterEntry.BYTES);
    assertEquals(48, RequestLayouts.Completion.BYTES);
    assertEquals(36, RegionLayouts.Region.LKEY);
    assertEquals(40, RegionLayouts.Region.RKEY);
    assertEquals(52, QueueLayouts.QueuePair.QP_NUM);
  }

  private static List<String> ours() {
    List<String> lines = new ArrayList<>();
    for (CStruct struct : WHOLE) {
      lines.add(struct.name() + " " + struct.bytes());
    }
    for (List<CStruct> structs : List.of(WHOLE, PARTS)) {
      for (CStruct struct : structs) {
        struct
            .offsets()
            .forEach((field, offset) -> lines.add(struct.name() + "." + field + " " + offset));
      }
    }
    lines.add("rooms 1");
    return lines;
  }

  private static String program() {
    StringBuilder program =
        new StringBuilder(
            """
            #include <stddef.h>
            #include <stdio.h>
            #include <infiniband/verbs.h>
            #include <rdma/rdma_cma.h>
            int main(void) {
            """);
    for (CStruct struct : WHOLE) {
      program.append("printf(\"%1$s %%zu\\n\", sizeof(struct %1$s));\n".formatted(struct.name()));
    }
    for (List<CStruct> structs : List.of(WHOLE, PARTS)) {
      for (CStruct struct : structs) {
        for (String field : struct.offsets().keySet()) {
          program.append(
              "printf(\"%1$s.%2$s %%zu\\n\", offsetof(struct %1$s, %2$s));\n"
                  .formatted(struct.name(), field));
        }
      }
    }
    program.append(
        "printf(\"rooms %d\\n\", sizeof(struct ibv_port_attr) <= "
            + DeviceLayouts.Port.ROOM_BYTES
            + " && sizeof(struct sockaddr_storage) <= "
            + ManagerLayouts.SOCKET_ADDRESS_BYTES
            + ");\nreturn 0; }\n");
    return program.toString();
  }

  private static int run(Path output, String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
