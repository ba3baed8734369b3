package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MappedSlabTest {
  private static final String SLAB = "/dev/shm/farheap-17-0123456789abcdef/slab-9";

  @Test
  void whatIsWrittenIsRead() {
    byte[] bytes = new MappedSlab(SLAB).encode();
    assertEquals(2 + SLAB.length(), bytes.length);
    MappedSlab read = MappedSlab.decode(ByteBuffer.wrap(bytes));
    assertEquals(SLAB, read.file());
    assertArrayEquals(bytes, read.encode());
    for (int length = 0; length < bytes.length + 3; length++) {
      if (length != bytes.length) {
        ByteBuffer wrong = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
        assertThrows(WireException.class, () -> MappedSlab.decode(wrong), "length " + length);
      }
    }
  }

  @Test
  void filesThatAreNoSlabsAreRefused() {
    for (String wrong :
        new String[] {
          "",
          "/",
          "/etc/passwd",
          "slab-9",
          SLAB.substring(1),
          SLAB + "/",
          SLAB + "/slab-1/..",
          SLAB.replace("slab-", "slub-"),
          SLAB.replace("farheap-", "far-"),
          SLAB.replace("slab-9", ".."),
          "/dev/../etc/farheap-17-0123456789abcdef/slab-9",
          "/dev/./farheap-17-0123456789abcdef/slab-9",
          "/dev/shm\0/farheap-17-0123456789abcdef/slab-9",
          "/home/user/.ssh/authorized_keys",
        }) {
      assertThrows(WireException.class, () -> new MappedSlab(wrong), wrong);
    }
    String deep = "/a".repeat(20_000) + SLAB;
    assertEquals(deep, new MappedSlab(deep).file());
  }
}
