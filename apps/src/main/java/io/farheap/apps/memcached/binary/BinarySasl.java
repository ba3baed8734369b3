package io.farheap.apps.memcached.binary;

import io.farheap.apps.memcached.protocol.BinaryOpcode;
import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.protocol.BinaryStatus;
import io.farheap.apps.memcached.work.Count;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How a client of the binary protocol says who it is: SASL's mechanism PLAIN (RFC 4616). */
final class BinarySasl {
  private static final String MECHANISM = "PLAIN";

  private final Workspace work;
  private final BinaryRequest request;
  private final BinaryReply replies;

  BinarySasl(Workspace work, BinaryRequest request, BinaryReply replies) {
    this.work = work;
    this.request = request;
    this.replies = replies;
  }

  /** Whether a command may be given by who has not said who he is. */
  static boolean isOpen(BinaryOpcode opcode) {
    return switch (opcode) {
      case SASL_LIST_MECHS, SASL_AUTH, SASL_STEP, VERSION, QUIT -> true;
      default -> false;
    };
  }

  void execute(Session session) {
    if (!work.server.wantsCredentials()) {
      replies.fail(BinaryStatus.UNKNOWN_COMMAND);
      return;
    }
    if (request.opcode() == BinaryOpcode.SASL_LIST_MECHS) {
      replies.text(MECHANISM);
      return;
    }
    work.count(Count.AUTH_CMDS);
    // One message says it all, so that there is no second step.
    if (request.opcode() == BinaryOpcode.SASL_AUTH && isAccepted()) {
      session.authenticated = true;
      replies.text("Authenticated");
    } else {
      session.authenticated = false;
      work.count(Count.AUTH_ERRORS);
      replies.fail(BinaryStatus.AUTH_ERROR);
    }
  }

  /** Reads {@code [whose rights] NUL user NUL password}. */
  private boolean isAccepted() {
    byte[] mechanism = bytes(request.keyAt(), request.keyLength());
    if (!new String(mechanism, StandardCharsets.US_ASCII).equals(MECHANISM)) {
      return false;
    }
    byte[] message = bytes(request.valueAt(), (int) request.valueLength());
    int first = indexOfZero(message, 0);
    int second = first < 0 ? -1 : indexOfZero(message, first + 1);
    return second >= 0
        && work.server.accepts(
            Arrays.copyOfRange(message, first + 1, second),
            Arrays.copyOfRange(message, second + 1, message.length));
  }

  private static int indexOfZero(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] bytes(long at, int length) {
    return NativeMemory.ALL.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
