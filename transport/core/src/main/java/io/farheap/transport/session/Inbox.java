package io.farheap.transport.session;

import io.farheap.transport.wire.Defect;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds the replies in what comes in on a lane. Short ones are copied from the scratch buffer,
 * which the processor's cache holds; what is missing of a long read goes straight to its place.
 * Nothing that was not checked is ever shown as done. Used under the lane's lock for receiving.
 */
final class Inbox {
  private static final int SCRATCH_BYTES = 64 << 10;
  private static final int MIN_DIRECT_BYTES = 8 << 10;

  /** What happens with replies. */
  interface Receiver {
    /**
     * Its reply is there and right.
     *
     * @param payload where the payload is, between position and limit; null if it is in place
     */
    void replied(Request request, FrameChecker frame, long subject, ByteBuffer payload)
        throws IOException;
  }

  /** The request whose reply comes next, or null. */
  private final Supplier<Request> next;

  private final Receiver receiver;
  private final Consumer<EventKind> events;
  private final FrameChecksum checksum = new FrameChecksum();
  private final ByteBuffer directHeader = ByteBuffer.allocateDirect(FrameLayout.HEADER_BYTES);
  private FrameChecker checker;

  /** From {@code parsed} to position: what came in and is not a whole frame yet. */
  private ByteBuffer scratch;

  private int parsed;

  /** The request whose payload is on its way to its place, and that place; or null. */
  private Request direct;

  private ByteBuffer directPlace;

  /** Bytes of that payload which have not come yet. */
  private int directLeft;

  /** Whether that payload goes nowhere, since its request was given up. */
  private boolean diverted;

  Inbox(Supplier<Request> next, Receiver receiver, Consumer<EventKind> events) {
    this.next = next;
    this.receiver = receiver;
    this.events = events;
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
      ByteBuffer to = direct != null ? directTarget() : scratch;
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
        checksum.update(to, from, count);
        directLeft -= count;
        if (directLeft == 0) {
          endDirect();
        }
      } else {
        parse();
      }
      if (drained) {
        return true;
      }
    }
  }

  /**
   * Where the rest of a payload goes; what nobody wants overwrites itself in the scratch buffer.
   */
  private ByteBuffer directTarget() {
    return diverted ? scratch.clear().limit(Math.min(scratch.capacity(), directLeft)) : directPlace;
  }

  /** If a payload of the request is on its way to its place, lets it go nowhere instead. */
  void divert(Piece whole) {
    if (direct != null && direct.isOf(whole)) {
      diverted = true;
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
    if (checker.opcode() == Opcode.EVENT) {
      EventKind kind = EventKind.of(FrameLayout.subject(scratch, at));
      if (kind != null) {
        events.accept(kind);
      }
      return;
    }
    Request request = expected();
    int payloadBytes = frameBytes - FrameLayout.HEADER_BYTES;
    ByteBuffer payload = scratch.slice(at + FrameLayout.HEADER_BYTES, payloadBytes);
    receiver.replied(request, checker, FrameLayout.subject(scratch, at), payload);
  }

  private Request expected() {
    Request request = next.get();
    if (request == null || request.opcode != checker.opcode()) {
      throw new WireException(
          Defect.BAD_OPCODE, "a reply to " + checker.opcode() + " that nobody waits for");
    }
    if (request.sequence != checker.sequence()) {
      throw new WireException(
          Defect.BAD_SEQUENCE,
          "reply "
              + checker.sequence()
              + " came where that to request "
              + request.sequence
              + " belongs");
    }
    return request;
  }

  /** Whether the rest of the frame goes to its place; not before its header looks right. */
  private boolean beginDirect(int frameBytes, int end) {
    int available = end - parsed;
    if (available < FrameLayout.HEADER_BYTES || frameBytes - available < MIN_DIRECT_BYTES) {
      return false;
    }
    Request request = next.get();
    if (request == null
        || request.opcode != Opcode.READ
        || request.isAbandoned()
        || request.lengthBytes != frameBytes - FrameLayout.HEADER_BYTES
        || !checker.looksLikeReply(scratch, parsed, Opcode.READ, request.sequence)) {
      return false;
    }
    directHeader.put(0, scratch, parsed, FrameLayout.HEADER_BYTES);
    direct = request;
    directPlace = request.local();
    int payloadThere = available - FrameLayout.HEADER_BYTES;
    directPlace.put(0, scratch, parsed + FrameLayout.HEADER_BYTES, payloadThere);
    directPlace.position(payloadThere);
    directLeft = request.lengthBytes - payloadThere;
    diverted = false;
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
    checker.checkSummed(directHeader, 0, checksum.value());
    scratch.clear();
    direct = null;
    directPlace = null;
    receiver.replied(expected(), checker, FrameLayout.subject(directHeader, 0), null);
  }
}
