package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the first request on a connection.
 *
 * @param minVersion least version that the client speaks
 * @param maxVersion greatest version that the client speaks
 * @param features features that the client knows, as bits
 * @param clientNonce random bytes, new for each connection
 * @param tenant under which name the client has its token, perhaps empty
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record Hello(
    int minVersion, int maxVersion, long features, byte[] clientNonce, String tenant) {

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter()
        .i64(Protocol.MAGIC)
        .u16(minVersion)
        .u16(maxVersion)
        .i64(features)
        .bytes(clientNonce)
        .name(tenant)
        .toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it has another form
   */
  public static Hello decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    long magic = reader.i64();
    if (magic != Protocol.MAGIC) {
      throw new WireException(
          Defect.BAD_PAYLOAD, "magic number " + Long.toHexString(magic) + " is not Farheap's");
    }
    Hello hello =
        new Hello(
            reader.u16(),
            reader.u16(),
            reader.i64(),
            reader.bytes(Protocol.ID_BYTES),
            reader.name());
    reader.end();
    if (hello.tenant.length() > Protocol.MAX_TENANT_LETTERS) {
      throw new WireException(
          Defect.BAD_PAYLOAD, "a tenant's name of " + hello.tenant.length() + " letters");
    }
    return hello;
  }
}
