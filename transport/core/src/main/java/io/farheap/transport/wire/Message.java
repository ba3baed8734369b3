package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Payload of a reply that is not OK: why, as UTF-8. */
public final class Message {
  private Message() {}

  /**
   * The payload.
   *
   * @param text why; cut off after {@link Protocol#MAX_MESSAGE_BYTES}
   * @return its bytes
   */
  public static byte[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= Protocol.MAX_MESSAGE_BYTES
        ? bytes
        : Arrays.copyOf(bytes, Protocol.MAX_MESSAGE_BYTES);
  }

  /**
   * Reads the payload; what is not printable is replaced, since it may end in a log.
   *
   * @param payload what a checked frame has between position and limit
   * @return the text, at most {@link Protocol#MAX_MESSAGE_BYTES} letters
   */
  public static String decode(ByteBuffer payload) {
    byte[] bytes = new byte[Math.min(payload.remaining(), Protocol.MAX_MESSAGE_BYTES)];
    payload.get(payload.position(), bytes);
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }
}
