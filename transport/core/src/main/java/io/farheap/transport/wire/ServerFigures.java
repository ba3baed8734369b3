package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Payload of the reply to STATISTICS: counters since the server's start, unless it says otherwise.
 * Further fields may be added at the end; who does not know them ignores them.
 *
 * @param uptimeMillis time since the start
 * @param clients leases now
 * @param connections connections now, attached or not
 * @param slabs slabs allocated now
 * @param slabCapacity most slabs at once
 * @param slabBytes size of a slab
 * @param reads ranges read
 * @param writes ranges written
 * @param bytesRead bytes of those reads
 * @param bytesWritten bytes of those writes
 * @param otherRequests requests of other kinds
 * @param refusals replies that were not OK
 * @param brokenConnections connections ended because of a damaged or forbidden frame
 * @param leasesLost leases that ran out
 * @param p50Nanos median of the time from a request's arrival to its reply's handing over
 * @param p99Nanos 99th percentile of that time
 */
public record ServerFigures(
    long uptimeMillis,
    long clients,
    long connections,
    long slabs,
    long slabCapacity,
    long slabBytes,
    long reads,
    long writes,
    long bytesRead,
    long bytesWritten,
    long otherRequests,
    long refusals,
    long brokenConnections,
    long leasesLost,
    long p50Nanos,
    long p99Nanos) {

  private static final int FIELDS = 16;

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    return new PayloadWriter()
        .i64(uptimeMillis)
        .i64(clients)
        .i64(connections)
        .i64(slabs)
        .i64(slabCapacity)
        .i64(slabBytes)
        .i64(reads)
        .i64(writes)
        .i64(bytesRead)
        .i64(bytesWritten)
        .i64(otherRequests)
        .i64(refusals)
        .i64(brokenConnections)
        .i64(leasesLost)
        .i64(p50Nanos)
        .i64(p99Nanos)
        .toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return its content
   * @throws WireException if it is too short
   */
  public static ServerFigures decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    long[] f = new long[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
      f[i] = reader.i64();
    }
    return new ServerFigures(
        f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12], f[13],
        f[14], f[15]);
  }
}
