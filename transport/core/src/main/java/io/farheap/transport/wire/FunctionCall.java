package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of a call of a named function. The reply's payload is the result.
 *
 * @param function the function's name
 * @param argument its argument
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record FunctionCall(String function, byte[] argument) {

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter().name(function).bytes(argument).toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it has another form
   */
  public static FunctionCall decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    return new FunctionCall(reader.name(), reader.bytes(reader.remaining()));
  }
}
