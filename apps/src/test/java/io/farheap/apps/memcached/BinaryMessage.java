package io.farheap.apps.memcached;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests and replies of the binary protocol, for tests. */
@SuppressWarnings("ArrayRecordComponent")
record BinaryMessage(
    int opcode, int status, int opaque, long cas, byte[] extras, String key, byte[] value) {
  private static final int HEAD_BYTES = 24;

  static BinaryMessage request(int opcode, String key) {
    return new BinaryMessage(opcode, 0, 0xCAFE, 0, new byte[0], key, new byte[0]);
  }

  BinaryMessage extras(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
    for (int word : words) {
      bytes.putInt(word);
    }
    return new BinaryMessage(opcode, status, opaque, cas, bytes.array(), key, value);
  }

  BinaryMessage value(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new BinaryMessage(opcode, status, opaque, cas, extras, key, bytes);
  }

  BinaryMessage cas(long version) {
    return new BinaryMessage(opcode, status, opaque, version, extras, key, value);
  }

  byte[] encode() {
    byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
    int body = extras.length + keyBytes.length + value.length;
    return ByteBuffer.allocate(HEAD_BYTES + body)
        .put((byte) 0x80)
        .put((byte) opcode)
        .putShort((short) keyBytes.length)
        .put((byte) extras.length)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(body)
        .putInt(opaque)
        .putLong(cas)
        .put(extras)
        .put(keyBytes)
        .put(value)
        .array();
  }

  /** Reads a reply; null at the end of the connection. */
  static BinaryMessage read(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte[] head = in.readNBytes(HEAD_BYTES);
    if (head.length < HEAD_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(head);
    if ((bytes.get(0) & 0xFF) != 0x81) {
      throw new IOException("not a reply: it begins with " + bytes.get(0));
    }
    int keyLength = Short.toUnsignedInt(bytes.getShort(2));
    int extrasLength = bytes.get(4) & 0xFF;
    byte[] body = in.readNBytes(bytes.getInt(8));
    ByteBuffer rest = ByteBuffer.wrap(body);
    byte[] extras = new byte[extrasLength];
    byte[] key = new byte[keyLength];
    byte[] value = new byte[body.length - extrasLength - keyLength];
    rest.get(extras).get(key).get(value);
    return new BinaryMessage(
        bytes.get(1) & 0xFF,
        Short.toUnsignedInt(bytes.getShort(6)),
        bytes.getInt(12),
        bytes.getLong(16),
        extras,
        new String(key, StandardCharsets.ISO_8859_1),
        value);
  }

  /** The reply in short, its version left out. */
  String text() {
    StringBuilder text = new StringBuilder(String.format("%02x status %02x", opcode, status));
    if (extras.length > 0) {
      text.append(" extras ");
      for (byte b : extras) {
        text.append(String.format("%02x", b));
      }
    }
    if (!key.isEmpty()) {
      text.append(" key ").append(key);
    }
    if (value.length > 0) {
      text.append(" value ");
      for (byte b : value) {
        text.append(b < ' ' || b > '~' ? String.format("\\x%02x", b) : String.valueOf((char) b));
      }
    }
    return text.toString();
  }
}
