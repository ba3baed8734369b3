package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the reply to ALLOCATE where slabs can be reached by RDMA: what a read or write on the
 * slab must name.
 *
 * @param remoteAddress address of the first byte, as the server's device knows it; means nothing
 *     elsewhere
 * @param remoteKey the key by which the server's device lets this lease's queue pairs in
 * @param lengthBytes length of the slab
 */
public record RegisteredSlab(long remoteAddress, int remoteKey, long lengthBytes) {
  private static final long MAX_LENGTH_BYTES = 1L << 30;

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter().i64(remoteAddress).i32(remoteKey).i64(lengthBytes).toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return the slab's place
   * @throws WireException if it has another form, or numbers that cannot be meant
   */
  public static RegisteredSlab decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    RegisteredSlab slab = new RegisteredSlab(reader.i64(), reader.i32(), reader.i64());
    reader.end();
    if (slab.lengthBytes <= 0
        || slab.lengthBytes > MAX_LENGTH_BYTES
        || slab.remoteAddress > Long.MAX_VALUE - slab.lengthBytes
        || slab.remoteAddress < 0) {
      throw new WireException(Defect.BAD_PAYLOAD, "numbers out of range: " + slab);
    }
    return slab;
  }
}
