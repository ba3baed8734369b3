package io.farheap.server;

import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.FunctionCall;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.PayloadWriter;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what is neither a read nor a write, on a connection that is attached. */
final class ControlRequests {
  private static final Logger LOG = LoggerFactory.getLogger(ControlRequests.class);
  private static final byte[] NOTHING = new byte[0];

  private final ServerState server;
  private final ReplyBuffer replies;

  ControlRequests(ServerState server, ReplyBuffer replies) {
    this.server = server;
    this.replies = replies;
  }

  /**
   * What is answered to a request.
   *
   * @param subject the reply's subject
   * @param payload its payload
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Answer(long subject, byte[] payload) {
    static final Answer EMPTY = new Answer(0, NOTHING);
  }

  /** Whether a request may take so long that the event loop must not carry it out. */
  static boolean isSlow(Opcode opcode) {
    return switch (opcode) {
      case ALLOCATE, RELEASE, GOODBYE, QUEUE_PAIR -> true;
      default -> false;
    };
  }

  /** Carries a request out, on any thread; {@code payload} has it between position and limit. */
  Answer handle(Admission admission, Opcode opcode, long subject, ByteBuffer payload) {
    Lease lease = admission.lease();
    return switch (opcode) {
      case PING -> Answer.EMPTY;
      case RENEW -> {
        lease.leave(lease.enter(admission.session()));
        long left = server.leases().leftMillis(lease, server.clock().getAsLong());
        long free = server.slabs().freeBytes(lease.tenant());
        yield new Answer(left, new PayloadWriter().i64(free).toBytes());
      }
      case ALLOCATE -> {
        Slab slab = server.slabs().allocate(lease, admission.session(), subject);
        yield new Answer(slab.id(), where(admission, slab));
      }
      case RELEASE -> {
        server.slabs().release(lease, admission.session(), subject);
        yield Answer.EMPTY;
      }
      case QUEUE_PAIR -> {
        RdmaDoor door =
            server
                .rdma()
                .orElseThrow(
                    () -> Refusal.of(Status.NO_SUCH_FUNCTION, "this server has no queue pairs"));
        // Leases end on this thread, so what was live is so until the offer is made.
        lease.leave(lease.enter(admission.session()));
        yield new Answer(0, door.offer(lease.number(), subject).encode());
      }
      case CALL -> new Answer(0, call(FunctionCall.decode(payload)));
      case STATISTICS -> new Answer(0, server.statistics().get());
      case GOODBYE -> {
        server.leases().end(admission.leaseId());
        yield Answer.EMPTY;
      }
      default -> throw new IllegalArgumentException(opcode + " is not for this class");
    };
  }

  /** How the client reaches a slab without asking; the slab goes back if that fails. */
  private byte[] where(Admission admission, Slab slab) {
    if ((admission.features() & Protocol.FEATURE_REGISTERED_SLABS) != 0) {
      try {
        return slab.memory().register();
      } catch (TransportException e) {
        server.slabs().release(admission.lease(), admission.session(), slab.id());
        LOG.warn("a slab could not be registered", e);
        throw Refusal.of(Status.FULL, "the server cannot register a slab: " + e.getMessage());
      }
    }
    boolean mapped = (admission.features() & Protocol.FEATURE_MAPPED_SLABS) != 0;
    return mapped ? slab.memory().descriptor() : NOTHING;
  }

  private byte[] call(FunctionCall call) {
    UnaryOperator<byte[]> function = server.functions().get(call.function());
    if (function == null) {
      throw Refusal.of(
          Status.NO_SUCH_FUNCTION,
          "function '"
              + call.function()
              + "' does not exist; there are "
              + new TreeSet<>(server.functions().keySet()));
    }
    byte[] result;
    try {
      result = function.apply(call.argument());
    } catch (RequestRefusedException e) {
      throw Refusal.of(Status.FUNCTION_REFUSED, e.getMessage());
    }
    if (result.length > Protocol.MAX_PAYLOAD_BYTES) {
      throw Refusal.of(Status.TOO_LARGE, "a result of " + result.length + " bytes");
    }
    return result;
  }

  void answer(
      ChannelHandlerContext context, Opcode opcode, int sequence, long subject, byte[] payload) {
    answer(context, opcode, sequence, Status.OK, subject, payload);
  }

  void answer(
      ChannelHandlerContext context,
      Opcode opcode,
      int sequence,
      Status status,
      long subject,
      byte[] payload) {
    ByteBuffer reply = replies.begin(context, opcode, sequence, payload.length);
    reply.put(replies.payloadAt(), payload);
    replies.end(status, subject);
  }

  /** The payload of a frame. */
  static ByteBuffer payload(ByteBuffer frame, int at, int frameBytes) {
    return FrameLayout.payload(frame, at, frameBytes);
  }
}
