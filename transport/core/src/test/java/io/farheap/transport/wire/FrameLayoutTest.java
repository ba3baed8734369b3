package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameLayoutTest {

  /** The bytes of one frame, written by hand: the form on the wire must never change. */
  @Test
  void aFrameHasTheDocumentedBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(56);
    Arrays.fill(buffer.array(), (byte) 0xCC);
    FrameLayout.putHeader(
        buffer, 3, 50, Opcode.WRITE, 0, Status.OK, 0x01020304, 0x1112131415161718L, 0x21, 0x31);
    buffer.put(51, new byte[] {(byte) 0xAA, (byte) 0xBB});
    new FrameChecksum().seal(buffer, 3, 50);
    byte[] frame = new byte[50];
    buffer.get(3, frame);
    byte[] afterChecksum =
        HexFormat.of()
            .parseHex(
                "32000000080000000403020118171615141312112100000031000000"
                    + "00000000000000000000000000000000aabb");
    byte[] found = new byte[46];
    System.arraycopy(frame, 4, found, 0, 46);
    assertArrayEquals(afterChecksum, found);
    assertEquals(
        bitwiseCrc32c(afterChecksum),
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    assertEquals(0, buffer.position());
    assertEquals(56, buffer.limit());
  }

  /** So that sides of any two versions can tell each other which they speak. */
  @Test
  void helloHasTheHeaderOfVersionOne() {
    ByteBuffer buffer = ByteBuffer.allocate(40);
    Arrays.fill(buffer.array(), (byte) 0xCC);
    FrameLayout.putHeader(buffer, 0, 34, Opcode.HELLO, 0, Status.OK, 0, 0, 0, 0);
    byte[] found = new byte[36];
    buffer.get(4, found);
    assertArrayEquals(
        HexFormat.of()
            .parseHex(
                "2200000001000000000000000000000000000000" + "0000000000000000" + "cc".repeat(8)),
        found);
  }

  private static WireException refused(FrameChecker checker, byte[] frame) {
    return assertThrows(
        WireException.class, () -> checker.check(ByteBuffer.wrap(frame), 0, frame.length));
  }

  private static byte[] sealed(byte[] frame) {
    new FrameChecksum().seal(ByteBuffer.wrap(frame), 0, frame.length);
    return frame;
  }

  private static byte[] header(Opcode opcode, int flags, Status status, int sequence) {
    byte[] frame = new byte[FrameLayout.HEADER_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    FrameLayout.putHeader(buffer, 0, frame.length, opcode, flags, status, sequence, 1, 0, 0);
    return sealed(frame);
  }

  @Test
  void epochsAndReservedBytesOfWhichNothingIsKnownAreRefused() {
    for (int at = FrameLayout.HELLO_HEADER_BYTES; at < FrameLayout.HEADER_BYTES; at++) {
      byte[] frame = header(Opcode.PING, 0, Status.OK, 0);
      frame[at] = 1;
      Defect expected = at < 36 ? Defect.BAD_EPOCH : Defect.BAD_RESERVED;
      assertEquals(expected, refused(FrameChecker.ofRequests(), sealed(frame)).defect());
    }
    byte[] tooShort = new byte[FrameLayout.HELLO_HEADER_BYTES];
    byte[] whole = header(Opcode.PING, 0, Status.OK, 0);
    System.arraycopy(whole, 0, tooShort, 0, tooShort.length);
    tooShort[4] = (byte) tooShort.length;
    assertEquals(Defect.BAD_LENGTH, refused(FrameChecker.ofRequests(), sealed(tooShort)).defect());
  }

  @Test
  void eventsAreNumberedApartAndComeFromServersOnly() {
    FrameChecker client = FrameChecker.ofReplies();
    for (int i = 0; i < 3; i++) {
      byte[] reply = header(Opcode.PING, FrameLayout.REPLY, Status.OK, i);
      client.check(ByteBuffer.wrap(reply), 0, reply.length);
      byte[] event = header(Opcode.EVENT, FrameLayout.EVENT, Status.OK, i);
      client.check(ByteBuffer.wrap(event), 0, event.length);
      assertEquals(Opcode.EVENT, client.opcode());
      assertEquals(i, client.sequence());
    }
    byte[] repeated = header(Opcode.EVENT, FrameLayout.EVENT, Status.OK, 2);
    assertEquals(Defect.BAD_SEQUENCE, refused(client, repeated).defect());
    byte[] asReply = header(Opcode.EVENT, FrameLayout.REPLY, Status.OK, 3);
    assertEquals(Defect.BAD_FLAGS, refused(client, asReply).defect());
    byte[] failed = header(Opcode.EVENT, FrameLayout.EVENT, Status.FULL, 3);
    assertEquals(Defect.BAD_STATUS, refused(client, failed).defect());
    byte[] flagged = header(Opcode.PING, FrameLayout.EVENT, Status.OK, 3);
    assertEquals(Defect.BAD_FLAGS, refused(client, flagged).defect());
    byte[] asked = header(Opcode.EVENT, 0, Status.OK, 0);
    assertEquals(Defect.BAD_OPCODE, refused(FrameChecker.ofRequests(), asked).defect());
  }

  @Test
  void whatIsWrittenIsRead() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    FrameLayout.putHeader(
        buffer,
        7,
        48,
        Opcode.READ,
        FrameLayout.REPLY,
        Status.BAD_RANGE,
        -2,
        Long.MIN_VALUE + 5,
        -7,
        1 << 30);
    new FrameChecksum().seal(buffer, 7, 48);
    assertEquals(48, FrameLayout.frameBytes(buffer, 7));
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
