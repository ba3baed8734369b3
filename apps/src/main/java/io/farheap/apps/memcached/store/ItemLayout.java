package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An item as it lies in far memory: one object, so that it takes one dereference.
 *
 * <pre>
 *  63            16 15       8 7      0
 * +----------------+----------+--------+-------------+---------------+-----------+-----+-------+
 * |      CAS       | key len. |  kind  | expiry, 4 B | c. flags, 4 B | own CAS 8 | key | value |
 * +----------------+----------+--------+-------------+---------------+-----------+-----+-------+
 *                                       \______ each only if its kind bit is set ____/
 * </pre>
 *
 * The value is as long as the object leaves it. Key, value and client flags never change: what
 * changes them makes another object. The head word and the expiry change in place, each by one
 * store, by whoever holds the lock of the key.
 */
final class ItemLayout {
  static final int HAS_EXPIRY = 1;
  static final int HAS_CLIENT_FLAGS = 1 << 1;
  static final int HAS_OWN_CAS = 1 << 2;
  static final int STALE = 1 << 3;
  static final int TOKEN_SENT = 1 << 4;
  static final int BINARY_KEY = 1 << 5;

  /** The kind bits that say which fields there are. */
  static final int FIELDS = HAS_EXPIRY | HAS_CLIENT_FLAGS | HAS_OWN_CAS;

  /** Largest CAS unique that the head holds; a client's own may be larger. */
  static final long MAX_CAS = (1L << 48) - 1;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final int HEAD_BYTES = Long.BYTES;
  private static final int EXPIRY_BYTES = Integer.BYTES;
  private static final int CLIENT_FLAGS_BYTES = Integer.BYTES;
  private static final int OWN_CAS_BYTES = Long.BYTES;
  private static final int KEY_LENGTH_SHIFT = 8;
  private static final int CAS_SHIFT = 16;

  private ItemLayout() {}

  /** Which fields an item needs. */
  static int kind(long expirySeconds, int clientFlags, long cas) {
    return (expirySeconds != 0 ? HAS_EXPIRY : 0)
        | (clientFlags != 0 ? HAS_CLIENT_FLAGS : 0)
        | (Long.compareUnsigned(cas, MAX_CAS) > 0 ? HAS_OWN_CAS : 0);
  }

  /** Offset of the key. */
  static int keyOffset(int kind) {
    return HEAD_BYTES
        + (kind & HAS_EXPIRY) * EXPIRY_BYTES
        + ((kind & HAS_CLIENT_FLAGS) >>> 1) * CLIENT_FLAGS_BYTES
        + ((kind & HAS_OWN_CAS) >>> 2) * OWN_CAS_BYTES;
  }

  /** Length of an item in bytes. */
  static long lengthBytes(int kind, int keyLengthBytes, long valueLengthBytes) {
    return keyOffset(kind) + keyLengthBytes + valueLengthBytes;
  }

  static long head(int kind, int keyLengthBytes, long cas) {
    long inHead = (kind & HAS_OWN_CAS) != 0 ? 0 : cas;
    return (inHead << CAS_SHIFT) | ((long) keyLengthBytes << KEY_LENGTH_SHIFT) | kind;
  }

  static long head(MemorySegment item) {
    return item.get(LONG, 0);
  }

  static void setHead(MemorySegment item, long head) {
    item.set(LONG, 0, head);
  }

  static int kind(long head) {
    return (int) head & 0xFF;
  }

  static int keyLength(long head) {
    return (int) (head >>> KEY_LENGTH_SHIFT) & 0xFF;
  }

  static long cas(MemorySegment item, long head) {
    int kind = kind(head);
    return (kind & HAS_OWN_CAS) == 0
        ? head >>> CAS_SHIFT
        : item.get(LONG, keyOffset(kind) - OWN_CAS_BYTES);
  }

  /** Expiry in seconds since 1970; 0 for never. */
  static long expiry(MemorySegment item, int kind) {
    return (kind & HAS_EXPIRY) == 0 ? 0 : Integer.toUnsignedLong(item.get(INT, HEAD_BYTES));
  }

  /** Changes the expiry of an item that has one. */
  static void setExpiry(MemorySegment item, long expirySeconds) {
    item.set(INT, HEAD_BYTES, (int) expirySeconds);
  }

  static int clientFlags(MemorySegment item, int kind) {
    return (kind & HAS_CLIENT_FLAGS) == 0
        ? 0
        : item.get(INT, HEAD_BYTES + (long) (kind & HAS_EXPIRY) * EXPIRY_BYTES);
  }

  /** Stores all but the key and the value; answers the offset of the key. */
  static int write(
      MemorySegment item, int kind, int keyLength, long cas, long expirySeconds, int clientFlags) {
    setHead(item, head(kind, keyLength, cas));
    int at = HEAD_BYTES;
    if ((kind & HAS_EXPIRY) != 0) {
      item.set(INT, at, (int) expirySeconds);
      at += EXPIRY_BYTES;
    }
    if ((kind & HAS_CLIENT_FLAGS) != 0) {
      item.set(INT, at, clientFlags);
      at += CLIENT_FLAGS_BYTES;
    }
    if ((kind & HAS_OWN_CAS) != 0) {
      item.set(LONG, at, cas);
      at += OWN_CAS_BYTES;
    }
    return at;
  }

  /** Whether an item has a key. */
  static boolean hasKey(MemorySegment item, long head, ItemKey key) {
    int length = key.lengthBytes;
    if (keyLength(head) != length) {
      return false;
    }
    byte[] bytes = key.bytes;
    long keyAt = keyOffset(kind(head));
    int at = 0;
    while (at <= length - Long.BYTES) {
      if (item.get(LONG, keyAt + at) != (long) KeyHash.LONGS.get(bytes, at)) {
        return false;
      }
      at += Long.BYTES;
    }
    while (at < length) {
      if (item.get(ValueLayout.JAVA_BYTE, keyAt + at) != bytes[at]) {
        return false;
      }
      at++;
    }
    return true;
  }
}
