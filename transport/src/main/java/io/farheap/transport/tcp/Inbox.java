package io.farheap.transport.tcp;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.wire.Defect;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.WireException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Finds the replies in what comes in on a lane. Short ones are copied from the scratch buffer,
 * which the processor's cache holds; what is missing of a long read goes straight to its place.
 * Nothing that was not checked is ever shown as done. Used under the lane's lock for receiving.
 */
final class Inbox {
  // The local range of a transfer was checked when it was submitted.
  private static final MemorySegment ALL = NativeMemory.ALL;

  private static final int SCRATCH_BYTES = 64 << 10;
  private static final int MIN_DIRECT_BYTES = 8 << 10;

  /** What happens with replies. */
  interface Receiver {
    /** The request whose reply comes next, or null. */
    Request next();

    /**
     * Its reply is there and right.
     *
     * @param payload where the payload is, between position and limit; null if it is in place
     */
    void replied(Request request, FrameChecker frame, long subject, ByteBuffer payload)
        throws IOException;
  }

  private final Receiver receiver;
  private final FrameChecksum checksum = new FrameChecksum();
  private final ByteBuffer directHeader = ByteBuffer.allocateDirect(FrameLayout.HEADER_BYTES);
  private FrameChecker checker;

  /** From {@code parsed} to position: what came in and is not a whole frame yet. */
  private ByteBuffer scratch;

  private int parsed;

  /** The request whose payload is on its way to its place, and that place; or null. */
  private Request direct;

  private ByteBuffer directPlace;

  Inbox(Receiver receiver) {
    this.receiver = receiver;
  }

  /** Begins anew on a new link, whose first replies were checked by the checker already. */
  void begin(FrameChecker newChecker) {
    if (scratch == null) {
      scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    }
    checker = newChecker;
    scratch.clear();
    parsed = 0;
    direct = null;
    directPlace = null;
  }

  /** Reads what is there; true if anything was. */
  boolean readFrom(Link link) throws IOException {
    boolean any = false;
    while (true) {
      ByteBuffer to = direct != null ? directPlace : scratch;
      int from = to.position();
      int count = link.read(to);
      if (count < 0) {
        throw new LinkFailure("the server ended the connection");
      }
      if (count == 0) {
        return any;
      }
      any = true;
      boolean drained = to.hasRemaining();
      if (direct != null) {
        checksum.update(directPlace, from, count);
        endDirect();
      } else {
        parse();
      }
      if (drained) {
        return true;
      }
    }
  }

  /** If a request's payload is on its way to its place, lets it go nowhere instead. */
  void divert(Request request) {
    if (direct != null && direct.whole == request.whole) {
      ByteBuffer sink = ByteBuffer.allocateDirect(directPlace.limit());
      directPlace = sink.position(directPlace.position());
    }
  }

  private void parse() throws IOException {
    int end = scratch.position();
    int missing = 0;
    while (end - parsed >= FrameLayout.PREFIX_BYTES) {
      int frameBytes =
          FrameChecker.frameBytes(
              scratch, parsed, FrameLayout.HEADER_BYTES + Protocol.MAX_PAYLOAD_BYTES);
      if (end - parsed < frameBytes) {
        if (beginDirect(frameBytes, end)) {
          return;
        }
        missing = frameBytes;
        break;
      }
      checker.check(scratch, parsed, frameBytes);
      int at = parsed;
      parsed += frameBytes;
      deliver(at, frameBytes);
    }
    makeRoom(end, missing);
  }

  private void makeRoom(int end, int frameBytes) {
    if (parsed == end) {
      scratch.clear();
      parsed = 0;
    } else if (frameBytes > scratch.capacity()) {
      scratch = ByteBuffer.allocateDirect(frameBytes).put(scratch.position(parsed).limit(end));
      parsed = 0;
    } else if (scratch.capacity() - parsed < Math.max(frameBytes, SCRATCH_BYTES / 2)) {
      scratch.position(parsed).limit(end).compact();
      parsed = 0;
    }
  }

  private void deliver(int at, int frameBytes) throws IOException {
    Request request = expected();
    int payloadBytes = frameBytes - FrameLayout.HEADER_BYTES;
    ByteBuffer payload = scratch.slice(at + FrameLayout.HEADER_BYTES, payloadBytes);
    receiver.replied(request, checker, FrameLayout.subject(scratch, at), payload);
  }

  private Request expected() {
    Request request = receiver.next();
    if (request == null || request.opcode != checker.opcode()) {
      throw new WireException(
          Defect.BAD_OPCODE, "a reply to " + checker.opcode() + " that nobody waits for");
    }
    return request;
  }

  /** Whether the rest of the frame goes to its place; not before its header looks right. */
  private boolean beginDirect(int frameBytes, int end) {
    int available = end - parsed;
    if (available < FrameLayout.HEADER_BYTES || frameBytes - available < MIN_DIRECT_BYTES) {
      return false;
    }
    Request request = receiver.next();
    if (request == null
        || request.opcode != Opcode.READ
        || request.isAbandoned()
        || request.lengthBytes != frameBytes - FrameLayout.HEADER_BYTES
        || !checker.looksLikeReply(scratch, parsed, Opcode.READ)) {
      return false;
    }
    directHeader.put(0, scratch, parsed, FrameLayout.HEADER_BYTES);
    direct = request;
    directPlace = ALL.asSlice(request.rawAddress, request.lengthBytes).asByteBuffer();
    int payloadThere = available - FrameLayout.HEADER_BYTES;
    directPlace.put(0, scratch, parsed + FrameLayout.HEADER_BYTES, payloadThere);
    directPlace.position(payloadThere);
    checksum.begin();
    checksum.update(
        directHeader,
        FrameLayout.CHECKSUM_BYTES,
        FrameLayout.HEADER_BYTES - FrameLayout.CHECKSUM_BYTES);
    checksum.update(directPlace, 0, payloadThere);
    scratch.clear();
    parsed = 0;
    return true;
  }

  private void endDirect() throws IOException {
    if (directPlace.hasRemaining()) {
      return;
    }
    checker.checkSummed(directHeader, 0, checksum.value());
    direct = null;
    directPlace = null;
    receiver.replied(expected(), checker, FrameLayout.subject(directHeader, 0), null);
  }

  /** Copies a payload to where a transfer wants it. */
  static void copyToPlace(Request request, ByteBuffer payload) {
    ALL.asSlice(request.rawAddress, request.lengthBytes)
        .asByteBuffer()
        .put(0, payload, payload.position(), request.lengthBytes);
  }
}
