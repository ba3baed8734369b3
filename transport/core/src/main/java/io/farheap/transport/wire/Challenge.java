package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the reply to {@link Hello}.
 *
 * @param version the version to be spoken
 * @param features features that both sides know, as bits
 * @param serverNonce random bytes, new for each connection
 * @param serverId random bytes, new whenever the server starts
 * @param tokenWanted whether {@link Attach} must prove knowledge of a token
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record Challenge(
    int version, long features, byte[] serverNonce, byte[] serverId, boolean tokenWanted) {

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter()
        .u16(version)
        .i64(features)
        .bytes(serverNonce)
        .bytes(serverId)
        .u8(tokenWanted ? 1 : 0)
        .toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it has another form
   */
  public static Challenge decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    Challenge challenge =
        new Challenge(
            reader.u16(),
            reader.i64(),
            reader.bytes(Protocol.ID_BYTES),
            reader.bytes(Protocol.ID_BYTES),
            reader.u8() != 0);
    reader.end();
    return challenge;
  }
}
