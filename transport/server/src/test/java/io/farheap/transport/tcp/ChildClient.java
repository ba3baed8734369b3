package io.farheap.transport.tcp;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Main program of a child process: a client that fills slabs and looks at them when it is told. */
public final class ChildClient {
  private static final long DEADLINE_NANOS = 30_000_000_000L;

  private ChildClient() {}

  /** Starts one, perhaps by another command. */
  static ChildProcess start(List<String> runner, String locator, int slabs) throws IOException {
    return ChildServer.quiet(JavaCommand.of(ChildClient.class, locator, "" + slabs))
        .under(runner)
        .start();
  }

  /**
   * Arguments: locator, slabs. Says {@code ready}, and for each line that comes {@code ok}, {@code
   * lost} or what is wrong; goes on writing meanwhile.
   */
  public static void main(String[] arguments) throws IOException {
    int slabs = Integer.parseInt(arguments[1]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Arena arena = Arena.ofShared();
        FarMemory memory = Transports.open(arguments[0], TransportOptions.defaults())) {
      MemorySegment local = arena.allocate(ChildServer.SLAB_BYTES);
      long[] ids = new long[slabs];
      for (int i = 0; i < slabs; i++) {
        ids[i] = memory.allocateSlab();
        local.fill((byte) (i + 1));
        run(memory, new Transfer().write(ids[i], 0, local.address(), ChildServer.SLAB_BYTES));
      }
      System.out.println("ready");
      while (in.readLine() != null) {
        System.out.println(check(memory, ids, local));
      }
    }
  }

  private static String check(FarMemory memory, long[] ids, MemorySegment local) {
    try {
      for (int i = 0; i < ids.length; i++) {
        run(memory, new Transfer().read(ids[i], 0, local.address(), ChildServer.SLAB_BYTES));
        for (long at = 0; at < ChildServer.SLAB_BYTES; at++) {
          if (local.get(ValueLayout.JAVA_BYTE, at) != (byte) (i + 1)) {
            return "slab " + i + " is wrong at " + at;
          }
        }
      }
      return "ok";
    } catch (SlabLostException e) {
      return "lost";
    } catch (RuntimeException e) {
      return e.toString().replace('\n', ' ');
    }
  }

  private static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
  }
}
