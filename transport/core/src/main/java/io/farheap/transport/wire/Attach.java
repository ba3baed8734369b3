package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the second request on a connection.
 *
 * @param proof {@link Proof} of the token, or zeros if none is wanted
 * @param lease the lease to take up again, or zeros for a new one
 * @param session number of the client's session; when the server has answered, nothing of an
 *     earlier session of this lease is carried out any more
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record Attach(byte[] proof, byte[] lease, long session) {

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter().bytes(proof).bytes(lease).i64(session).toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it has another form
   */
  public static Attach decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    Attach attach =
        new Attach(
            reader.bytes(Protocol.PROOF_BYTES), reader.bytes(Protocol.ID_BYTES), reader.i64());
    reader.end();
    return attach;
  }
}
