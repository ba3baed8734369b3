package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameLayoutTest {

  /** The bytes of one frame, written by hand: the form on the wire must never change. */
  @Test
  void aFrameHasTheDocumentedBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(40);
    FrameLayout.putHeader(
        buffer, 3, 34, Opcode.WRITE, 0, Status.OK, 0x01020304, 0x1112131415161718L, 0x21, 0x31);
    buffer.put(35, new byte[] {(byte) 0xAA, (byte) 0xBB});
    new FrameChecksum().seal(buffer, 3, 34);
    byte[] frame = new byte[34];
    buffer.get(3, frame);
    byte[] afterChecksum =
        HexFormat.of().parseHex("22000000080000000403020118171615141312112100000031000000aabb");
    byte[] found = new byte[30];
    System.arraycopy(frame, 4, found, 0, 30);
    assertArrayEquals(afterChecksum, found);
    assertEquals(
        bitwiseCrc32c(afterChecksum),
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    assertEquals(0, buffer.position());
    assertEquals(40, buffer.limit());
  }

  @Test
  void whatIsWrittenIsRead() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    FrameLayout.putHeader(
        buffer,
        7,
        32,
        Opcode.READ,
        FrameLayout.REPLY,
        Status.BAD_RANGE,
        -2,
        Long.MIN_VALUE + 5,
        -7,
        1 << 30);
    new FrameChecksum().seal(buffer, 7, 32);
    assertEquals(32, FrameLayout.frameBytes(buffer, 7));
    assertEquals(Opcode.READ.code(), FrameLayout.opcode(buffer, 7));
    assertEquals(FrameLayout.REPLY, FrameLayout.flags(buffer, 7));
    assertEquals(Status.BAD_RANGE.code(), FrameLayout.status(buffer, 7));
    assertEquals(-2, FrameLayout.sequence(buffer, 7));
    assertEquals(Long.MIN_VALUE + 5, FrameLayout.subject(buffer, 7));
    assertEquals(-7, FrameLayout.offset(buffer, 7));
    assertEquals(1 << 30, FrameLayout.lengthBytes(buffer, 7));
  }

  @Test
  void codesAreTheirOwnInverse() {
    for (int code = -1; code <= 256; code++) {
      Opcode opcode = Opcode.of(code);
      if (opcode != null) {
        assertEquals(code, opcode.code());
      }
      Status status = Status.of(code);
      if (status != null) {
        assertEquals(code, status.code());
      }
    }
    for (Opcode opcode : Opcode.values()) {
      assertEquals(opcode, Opcode.of(opcode.code()));
    }
    for (Status status : Status.values()) {
      assertEquals(status, Status.of(status.code()));
    }
  }

  @Test
  void lengthsOutsideTheLimitsAreRefusedAtOnce() {
    ByteBuffer buffer = ByteBuffer.allocate(FrameLayout.PREFIX_BYTES);
    for (int wrong : new int[] {0, 31, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1025}) {
      buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(4, wrong);
      WireException e =
          assertThrows(WireException.class, () -> FrameChecker.frameBytes(buffer, 0, 1024));
      assertEquals(Defect.BAD_LENGTH, e.defect());
    }
    for (int right : new int[] {32, 33, 1024}) {
      buffer.putInt(4, right);
      assertEquals(right, FrameChecker.frameBytes(buffer, 0, 1024));
    }
  }

  /** CRC-32C from its definition, apart from the library's. */
  private static int bitwiseCrc32c(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
      }
    }
    return ~crc;
  }
}
