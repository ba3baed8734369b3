package io.farheap.jmh.memcached;

import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.util.Optional;

/** Starts our memcached with so much local memory, and the memory server that it needs. */
final class MemcachedHeaps {
  static final String HYBRID = "hybrid";
  static final String EMBEDDED = "embedded:";
  private static final long MIB = 1 << 20;

  /** What the heap takes for an item beside key and value, generously. */
  private static final long AROUND_ITEM_BYTES = 96;

  /** Room for open ends and garbage of the log. */
  private static final long ROOM_BYTES = 64 * MIB;

  private static final long SLAB_BYTES = 64 * MIB;

  /** Less and items of 1 MiB do not fit, which memcached's clients expect. */
  private static final long LEAST_BYTES = 8 * MIB;

  private MemcachedHeaps() {}

  /** What items take in a heap, estimated from the bytes of their keys and values. */
  static long estimate(long itemBytes, int items) {
    return itemBytes + AROUND_ITEM_BYTES * items;
  }

  /** So much local memory that all of it stays. */
  static long allLocal(long heapBytes) {
    return heapBytes + heapBytes / 4 + ROOM_BYTES;
  }

  /** A share of it in percent, at least what a heap needs. */
  static long partLocal(long heapBytes, int percent) {
    return Math.max(LEAST_BYTES, heapBytes * percent / 100);
  }

  /** Far memory that holds twice as much and garbage. */
  static long far(long heapBytes) {
    return 2 * heapBytes + 4 * SLAB_BYTES;
  }

  /** One whose far memory is in its own process. */
  static MemcachedSubject embedded(
      String name,
      long localBytes,
      long farBytes,
      String mode,
      String locator,
      MemcachedSubject.Load load) {
    ServerProcess server = FarMemcached.start(localBytes, farBytes, load.threads(), mode, locator);
    return new MemcachedSubject(name, server, Optional.empty(), load);
  }

  /** One with a memory server, {@code tcp} or {@code shm}. */
  static MemcachedSubject remote(
      String name, String transport, long localBytes, long farBytes, MemcachedSubject.Load load) {
    String[] options = {
      "--listen=tcp://127.0.0.1:0", "--insecure", "--memory=" + (farBytes / MIB + 64) + "MiB"
    };
    boolean mapped = transport.equals("shm");
    ChildProcess memory =
        JavaCommand.of(ServerMain.class, options)
            .arguments(mapped ? new String[] {"--memory-file=/dev/shm"} : new String[0])
            .startListening();
    boolean started = false;
    try {
      String locator = transport + "://127.0.0.1:" + memory.port();
      ServerProcess server =
          FarMemcached.start(localBytes, farBytes, load.threads(), HYBRID, locator);
      started = true;
      return new MemcachedSubject(name, server, Optional.of(memory), load);
    } finally {
      if (!started) {
        memory.close();
      }
    }
  }
}
