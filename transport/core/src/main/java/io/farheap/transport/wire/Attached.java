package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the reply to {@link Attach}.
 *
 * @param lease the lease's id: secret, since whoever of the same tenant knows it may take it up
 * @param leaseMillis how long the server keeps the slabs of a silent client
 * @param silenceMillis after how long without a request the server ends a connection
 * @param slabBytes size of every slab, a power of two
 * @param capacityBytes most bytes of slabs that this client can have
 * @param freeBytes bytes of slabs that this client can still allocate
 * @param maxPayloadBytes longest payload of a frame, either way
 */
@SuppressWarnings("ArrayRecordComponent") // Written and read, never compared.
public record Attached(
    byte[] lease,
    int leaseMillis,
    int silenceMillis,
    long slabBytes,
    long capacityBytes,
    long freeBytes,
    int maxPayloadBytes) {

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter()
        .bytes(lease)
        .i32(leaseMillis)
        .i32(silenceMillis)
        .i64(slabBytes)
        .i64(capacityBytes)
        .i64(freeBytes)
        .i32(maxPayloadBytes)
        .toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it has another form, or numbers that cannot be meant
   */
  public static Attached decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    Attached attached =
        new Attached(
            reader.bytes(Protocol.ID_BYTES),
            reader.i32(),
            reader.i32(),
            reader.i64(),
            reader.i64(),
            reader.i64(),
            reader.i32());
    reader.end();
    if (attached.leaseMillis <= 0
        || attached.silenceMillis <= 0
        || Long.bitCount(attached.slabBytes) != 1
        || attached.slabBytes <= 0
        || attached.slabBytes > 1L << 30
        || attached.capacityBytes < 0
        || attached.freeBytes < 0
        || attached.maxPayloadBytes < 4096
        || attached.maxPayloadBytes > 1 << 26) {
      throw new WireException(Defect.BAD_PAYLOAD, "numbers out of range: " + attached);
    }
    return attached;
  }
}
