package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PayloadsTest {
  private final SplittableRandom random = new SplittableRandom(31);

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsEncodedIsDecoded() {
    byte[] hello = new Hello(1, 3, 5, bytes(16), "tenant-a").encode();
    assertArrayEquals(hello, Hello.decode(ByteBuffer.wrap(hello)).encode());
    byte[] challenge = new Challenge(1, 5, bytes(16), bytes(16), true).encode();
    assertArrayEquals(challenge, Challenge.decode(ByteBuffer.wrap(challenge)).encode());
    byte[] attach = new Attach(bytes(32), bytes(16), -9).encode();
    assertArrayEquals(attach, Attach.decode(ByteBuffer.wrap(attach)).encode());
    byte[] attached = new Attached(bytes(16), 30_000, 2000, 64 << 20, 5, 4, 1 << 18).encode();
    assertArrayEquals(attached, Attached.decode(ByteBuffer.wrap(attached)).encode());
    byte[] call = new FunctionCall("echo", bytes(400)).encode();
    assertArrayEquals(call, FunctionCall.decode(ByteBuffer.wrap(call)).encode());
    ServerFigures figures =
        new ServerFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    assertEquals(figures, ServerFigures.decode(ByteBuffer.wrap(figures.encode())));
    assertEquals("so?", Message.decode(ByteBuffer.wrap(Message.encode("so\n"))));
  }

  @Test
  void truncatedOrExtendedPayloadsAreRefused() {
    byte[] hello = new Hello(1, 3, 5, bytes(16), "tenant-a").encode();
    for (int length = 0; length < hello.length + 3; length++) {
      if (length != hello.length) {
        ByteBuffer wrong = ByteBuffer.wrap(Arrays.copyOf(hello, length));
        assertThrows(WireException.class, () -> Hello.decode(wrong), "length " + length);
      }
    }
  }

  @Test
  void strangersAreRefused() {
    byte[] http =
        "GET / HTTP/1.1\r\nHost: farheap.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThrows(WireException.class, () -> Hello.decode(ByteBuffer.wrap(http)));
    assertThrows(
        WireException.class,
        () -> FrameChecker.frameBytes(ByteBuffer.wrap(http), 0, Protocol.MAX_PAYLOAD_BYTES));
  }

  @Test
  void proofsServeOneConnectionAndOneToken() {
    byte[] token = bytes(16);
    Hello hello = new Hello(1, 1, 0, bytes(16), "a");
    Challenge challenge = new Challenge(1, 0, bytes(16), bytes(16), true);
    byte[] proof = Proof.of(token, hello, challenge);
    assertEquals(Protocol.PROOF_BYTES, proof.length);
    assertTrue(Proof.matches(proof, Proof.of(token, hello, challenge)));
    Challenge later = new Challenge(1, 0, bytes(16), challenge.serverId(), true);
    assertFalse(Proof.matches(Proof.of(token, hello, later), proof));
    assertFalse(Proof.matches(Proof.of(bytes(16), hello, challenge), proof));
    Hello other = new Hello(1, 1, 0, hello.clientNonce(), "b");
    assertFalse(Proof.matches(Proof.of(token, other, challenge), proof));
  }

  @Test
  void batchesAreMeasuredBeforeAnythingIsAllocated() {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    BatchLayout.put(buffer, 0, 0, 77, 100, 20);
    BatchLayout.put(buffer, 0, 1, 78, 200, 12);
    assertEquals(32, BatchLayout.totalBytes(buffer, 0, 32, 2, false));
    assertEquals(32, BatchLayout.totalBytes(buffer, 0, 64, 2, true));
    assertEquals(78, BatchLayout.slab(buffer, 0, 1));
    assertEquals(200, BatchLayout.offset(buffer, 0, 1));
    assertEquals(12, BatchLayout.lengthBytes(buffer, 0, 1));
    int[][] wrong = {{32, 0}, {32, -1}, {32, 3}, {31, 2}, {33, 2}, {64, 1 << 28}, {64, 2000}};
    for (int[] sizes : wrong) {
      assertThrows(
          WireException.class,
          () -> BatchLayout.totalBytes(buffer, 0, sizes[0], sizes[1], false),
          Arrays.toString(sizes));
    }
    BatchLayout.put(buffer, 0, 1, 78, 200, -1);
    assertThrows(WireException.class, () -> BatchLayout.totalBytes(buffer, 0, 32, 2, false));
    BatchLayout.put(buffer, 0, 0, 77, 100, Integer.MAX_VALUE);
    BatchLayout.put(buffer, 0, 1, 78, 200, Integer.MAX_VALUE);
    assertThrows(WireException.class, () -> BatchLayout.totalBytes(buffer, 0, 32, 2, false));
  }
}
