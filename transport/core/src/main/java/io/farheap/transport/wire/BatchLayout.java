package io.farheap.transport.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The payload of a batch: as many entries as the header's length field says, and in a batch of
 * writes the bytes of all of them, one after the other. The reply to a batch of reads has their
 * bytes in the same manner.
 *
 * <pre>
 *   0               8        12       16
 *  ┌───────────────┬────────┬────────┬──────────────────────┬─────────────────
 *  │ slab          │ offset │ length │ further entries …    │ bytes (writes) …
 *  └───────────────┴────────┴────────┴──────────────────────┴─────────────────
 * </pre>
 */
public final class BatchLayout {
  /** Size of an entry. */
  public static final int ENTRY_BYTES = Long.BYTES + 2 * Integer.BYTES;

  /** Most entries of a batch. */
  public static final int MAX_ENTRIES = 1024;

  private static final int OFFSET = Long.BYTES;
  private static final int LENGTH = OFFSET + Integer.BYTES;
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BatchLayout() {}

  /**
   * Checks the form of a batch; ranges and slabs are left to the server.
   *
   * @param buffer where the payload is
   * @param at position of the first entry
   * @param payloadBytes length of the payload
   * @param entries what the header says
   * @param write whether the payload holds the bytes too
   * @return bytes of all ranges together, at most {@link Integer#MAX_VALUE}
   * @throws WireException if the number of entries or the payload's length does not fit
   */
  public static int totalBytes(
      ByteBuffer buffer, int at, int payloadBytes, int entries, boolean write) {
    if (entries < 1 || entries > MAX_ENTRIES || (long) entries * ENTRY_BYTES > payloadBytes) {
      throw new WireException(
          Defect.BAD_PAYLOAD, entries + " entries in a payload of " + payloadBytes + " bytes");
    }
    long total = 0;
    for (int i = 0; i < entries; i++) {
      int lengthBytes = lengthBytes(buffer, at, i);
      if (lengthBytes < 0) {
        throw new WireException(Defect.BAD_PAYLOAD, "entry " + i + " of " + lengthBytes + " bytes");
      }
      total += lengthBytes;
    }
    long expected = (long) entries * ENTRY_BYTES + (write ? total : 0);
    if (total > Integer.MAX_VALUE || payloadBytes != expected) {
      throw new WireException(
          Defect.BAD_PAYLOAD,
          "a batch of " + total + " bytes in a payload of " + payloadBytes + " bytes");
    }
    return (int) total;
  }

  /**
   * Writes an entry.
   *
   * @param buffer where the payload is
   * @param at position of the first entry
   * @param entry number of the entry, from 0
   * @param slab slab id
   * @param offset first byte in the slab
   * @param lengthBytes how many
   */
  public static void put(
      ByteBuffer buffer, int at, int entry, long slab, int offset, int lengthBytes) {
    int start = at + entry * ENTRY_BYTES;
    LONG.set(buffer, start, slab);
    INT.set(buffer, start + OFFSET, offset);
    INT.set(buffer, start + LENGTH, lengthBytes);
  }

  /**
   * The slab of an entry.
   *
   * @param buffer where the payload is
   * @param at position of the first entry
   * @param entry number of the entry, from 0
   * @return slab id
   */
  public static long slab(ByteBuffer buffer, int at, int entry) {
    return (long) LONG.get(buffer, at + entry * ENTRY_BYTES);
  }

  /**
   * Where in its slab an entry's range begins.
   *
   * @param buffer where the payload is
   * @param at position of the first entry
   * @param entry number of the entry, from 0
   * @return offset of the first byte
   */
  public static int offset(ByteBuffer buffer, int at, int entry) {
    return (int) INT.get(buffer, at + entry * ENTRY_BYTES + OFFSET);
  }

  /**
   * How long an entry's range is.
   *
   * @param buffer where the payload is
   * @param at position of the first entry
   * @param entry number of the entry, from 0
   * @return bytes
   */
  public static int lengthBytes(ByteBuffer buffer, int at, int entry) {
    return (int) INT.get(buffer, at + entry * ENTRY_BYTES + LENGTH);
  }
}
