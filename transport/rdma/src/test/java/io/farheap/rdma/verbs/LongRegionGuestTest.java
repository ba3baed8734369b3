package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A region that is longer than an {@code int} can say. The memory behind it is small: one file,
 * mapped again and again, one behind the other.
 */
@Timeout(120)
class LongRegionGuestTest {
  private static final long PIECE_BYTES = 64L << 20;
  private static final int PIECES = 34;
  private static final long BYTES = PIECES * PIECE_BYTES;

  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

  @BeforeAll
  static void requireDevice() {
    Guest.requireDevice();
  }

  @Test
  void bytesBehindTwoGibibytesAreReached() throws IOException {
    long start =
        Libraries.system("mmap")
            .pointer(0, BYTES, READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    int file;
    try (Arena arena = Arena.ofConfined()) {
      file = Libraries.system("memfd_create").number(arena.allocateFrom("piece").address(), 0);
    }
    assertTrue(file >= 0, "memfd_create gave " + file);
    Libraries.system("ftruncate").check(file, PIECE_BYTES);
    for (long piece = 0; piece < PIECES; piece++) {
      long at = start + piece * PIECE_BYTES;
      assertEquals(
          at,
          Libraries.system("mmap").pointer(at, PIECE_BYTES, READ_WRITE, MAP_SHARED_FIXED, file, 0));
    }
    MemorySegment memory = RawMemory.ALL.asSlice(start, BYTES);
    try (Connection connection = new Connection()) {
      MemoryRegion region = connection.server.register(memory, Endpoint.ALL_RIGHTS);
      assertEquals(BYTES, region.lengthBytes());
      Endpoint client = connection.client;
      MemorySegment near = client.memory(4096);
      MemoryRegion nearRegion = client.register(near, IbvMr.IBV_ACCESS_LOCAL_WRITE);
      long last = BYTES - Long.BYTES;
      memory.set(ValueLayout.JAVA_LONG, last, 0x1234_5678_9abcL);
      client.sends.read(
          1,
          IbvSendWR.IBV_SEND_SIGNALED,
          near.address(),
          Long.BYTES,
          nearRegion.lkey(),
          start + last,
          region.rkey());
      client.sends.post();
      assertEquals(CompletionBatch.SUCCESS, client.awaitStatus(1));
      assertEquals(0x1234_5678_9abcL, near.get(ValueLayout.JAVA_LONG, 0));
    } finally {
      Libraries.system("munmap").check(start, BYTES);
      Libraries.system("close").check(file);
    }
  }
}
