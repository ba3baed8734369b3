package io.farheap.transport.session;

import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The frames of a lane that are written and not sent yet. The bytes of a write are copied here
 * before their checksum is taken, since their page may change meanwhile. Used under the lane's lock
 * for sending.
 */
final class Outbox {
  private static final int CAPACITY =
      FrameLayout.HEADER_BYTES + Protocol.MAX_PAYLOAD_BYTES + (64 << 10);

  private final FrameChecksum checksum = new FrameChecksum();

  /** From position to limit: what is to be sent. Allocated with the first link. */
  private ByteBuffer frames;

  private int nextSequence;

  /** Begins anew on a new link. */
  void begin(int sequence) {
    if (frames == null) {
      frames = ByteBuffer.allocateDirect(CAPACITY);
    }
    frames.clear().limit(0);
    nextSequence = sequence;
  }

  boolean isEmpty() {
    return !frames.hasRemaining();
  }

  /** Whether a frame fits, perhaps after what was sent is moved out of its way. */
  boolean hasRoom(int frameBytes) {
    if (frames.capacity() - frames.limit() >= frameBytes) {
      return true;
    }
    if (frames.capacity() - frames.remaining() < frameBytes) {
      return false;
    }
    frames.compact().flip();
    return true;
  }

  /** Adds the frame of a request, which learns its number. */
  void add(Request request) {
    int at = frames.limit();
    int frameBytes = request.frameBytes();
    request.sequence = nextSequence++;
    frames.limit(at + frameBytes);
    request.putPayload(frames, at + FrameLayout.HEADER_BYTES);
    FrameLayout.putHeader(
        frames,
        at,
        frameBytes,
        request.opcode,
        0,
        Status.OK,
        request.sequence,
        request.subject,
        request.offset,
        request.lengthBytes);
    checksum.seal(frames, at, frameBytes);
  }

  /** Gives to a link what it takes. */
  void sendTo(Link link) throws IOException {
    link.write(frames);
    if (!frames.hasRemaining()) {
      frames.clear().limit(0);
    }
  }
}
