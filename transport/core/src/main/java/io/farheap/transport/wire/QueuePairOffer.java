package io.farheap.transport.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Payload of the reply to QUEUE_PAIR: where a queue pair is connected to, and by what secret.
 *
 * @param secret private data of the connection request: good for one request, which must come in
 *     time
 * @param address where the server's device listens; numbers, not a name
 * @param validMillis how long the secret is good
 * @param atomics whether the device carries out compare-and-swap and fetch-and-add
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record QueuePairOffer(
    byte[] secret, InetSocketAddress address, int validMillis, boolean atomics) {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    byte[] host = address.getAddress().getAddress();
    return new PayloadWriter()
        .bytes(secret)
        .u8(host.length)
        .bytes(host)
        .u16(address.getPort())
        .i32(validMillis)
        .u8(atomics ? 1 : 0)
        .toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return the offer
   * @throws WireException if it has another form
   */
  public static QueuePairOffer decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    byte[] secret = reader.bytes(Protocol.SECRET_BYTES);
    int hostBytes = reader.u8();
    if (hostBytes != IPV4_BYTES && hostBytes != IPV6_BYTES) {
      throw new WireException(Defect.BAD_PAYLOAD, "an address of " + hostBytes + " bytes");
    }
    byte[] host = reader.bytes(hostBytes);
    int port = reader.u16();
    int validMillis = reader.i32();
    boolean atomics = reader.u8() != 0;
    reader.end();
    if (validMillis <= 0) {
      throw new WireException(Defect.BAD_PAYLOAD, "a secret good for " + validMillis + " ms");
    }
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(host), port);
      return new QueuePairOffer(secret, address, validMillis, atomics);
    } catch (UnknownHostException e) {
      throw new WireException(Defect.BAD_PAYLOAD, e.getMessage());
    }
  }
}
