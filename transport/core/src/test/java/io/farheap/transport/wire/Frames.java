package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Frames for tests. */
final class Frames {
  private Frames() {}

  /** A sealed frame of random content with a given number and payload. */
  static byte[] frame(SplittableRandom random, boolean reply, int sequence, byte[] payload) {
    Opcode opcode = Opcode.of(random.nextInt(1, Opcode.EVENT.code())); // events are apart
    Status[] statuses = Status.values();
    int headerBytes = FrameLayout.headerBytes(opcode);
    int frameBytes = headerBytes + payload.length;
    ByteBuffer buffer = ByteBuffer.allocate(frameBytes);
    FrameLayout.putHeader(
        buffer,
        0,
        frameBytes,
        opcode,
        reply ? FrameLayout.REPLY : 0,
        reply ? statuses[random.nextInt(statuses.length)] : Status.OK,
        sequence,
        random.nextLong(),
        random.nextInt(),
        random.nextInt());
    buffer.put(headerBytes, payload);
    new FrameChecksum().seal(buffer, 0, frameBytes);
    return buffer.array();
  }

  static byte[] payload(SplittableRandom random, int maxBytes) {
    byte[] payload = new byte[random.nextInt(maxBytes + 1)];
    random.nextBytes(payload);
    return payload;
  }
}
