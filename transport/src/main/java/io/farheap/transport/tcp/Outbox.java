package io.farheap.transport.tcp;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The frames of a lane that are written and not sent yet. The bytes of a write are copied here
 * before their checksum is taken, since their page may change meanwhile. Used under the lane's lock
 * for sending.
 */
final class Outbox {
  // The local range of a transfer was checked when it was submitted.
  private static final MemorySegment ALL = NativeMemory.ALL;

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

  /** Adds the frame of a request. */
  void add(Request request) {
    int at = frames.limit();
    int frameBytes = request.frameBytes();
    int payloadAt = at + FrameLayout.HEADER_BYTES;
    frames.limit(at + frameBytes);
    if (request.payload != null) {
      frames.put(payloadAt, request.payload);
    } else if (request.payloadBytes() > 0) {
      ByteBuffer local = ALL.asSlice(request.rawAddress, request.lengthBytes).asByteBuffer();
      frames.put(payloadAt, local, 0, request.lengthBytes);
    }
    FrameLayout.putHeader(
        frames,
        at,
        frameBytes,
        request.opcode,
        0,
        Status.OK,
        nextSequence++,
        request.subject,
        request.offset,
        request.transfer == null ? 0 : request.lengthBytes);
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
