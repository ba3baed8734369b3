package io.farheap.transport.session;

import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.Message;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Status;
import java.nio.ByteBuffer;

/** What a reply means for its request. */
final class Replies {
  enum Verdict {
    /** The request is over, one way or the other. */
    OVER,
    /** The server ends the connection. */
    LINK_ENDS
  }

  private Replies() {}

  /** Takes the reply's content over into the request. */
  static Verdict judge(Request request, FrameChecker frame, long subject, ByteBuffer payload) {
    Status status = frame.status();
    if (status == Status.OK) {
      take(request, subject, payload);
      return Verdict.OVER;
    }
    return switch (status) {
      case BAD_FRAME, BAD_VERSION, UNAUTHENTICATED, LEASE_LOST, SUPERSEDED, BUSY ->
          Verdict.LINK_ENDS;
      default -> {
        // Sent twice, a release was carried out the first time.
        if (status != Status.NO_SUCH_SLAB
            || request.opcode != Opcode.RELEASE
            || !request.sentBefore) {
          request.fail(failure(request, status, Message.decode(payload)));
        }
        yield Verdict.OVER;
      }
    };
  }

  private static void take(Request request, long subject, ByteBuffer payload) {
    boolean wrongLength =
        request.transfer() != null
            && request.opcode == Opcode.READ
            && payload != null
            && payload.remaining() != request.lengthBytes;
    if (wrongLength) {
      request.fail(
          new TransportException(request + ": the server sent " + payload.remaining() + " bytes"));
    } else {
      request.take(subject, payload);
    }
  }

  private static TransportException failure(Request request, Status status, String message) {
    String what = request + ": " + message;
    if (status == Status.NO_SUCH_SLAB && request.transfer() != null) {
      // This client knows its slabs: one that the server does not know is gone.
      return new SlabLostException(what);
    }
    return switch (status) {
      case FULL, OVER_QUOTA, DRAINING -> new FarMemoryFullException(what);
      case INTERNAL -> new TransportException(what);
      default -> new RequestRefusedException(what);
    };
  }

  /** Why the server ends the connection. */
  static String message(FrameChecker frame, ByteBuffer payload) {
    return "the server ended the connection: "
        + frame.status()
        + " ("
        + (payload == null ? "" : Message.decode(payload))
        + ")";
  }
}
