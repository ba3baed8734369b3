package io.farheap.apps.memcached.binary;

import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.protocol.BinaryStatus;
import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.ItemSink;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import java.nio.charset.StandardCharsets;

/** Writes replies of the binary protocol. As a sink it writes what get commands find. */
final class BinaryReply implements ItemSink {
  private static final byte[] NONE = new byte[0];

  private final Workspace work;
  private final Reply reply;
  private final BinaryRequest request;
  private boolean withKey;
  private boolean withValue;

  BinaryReply(Workspace work, BinaryRequest request) {
    this.work = work;
    this.reply = work.reply;
    this.request = request;
  }

  /** Sets what of an item is shown. */
  void show(boolean key, boolean value) {
    withKey = key;
    withValue = value;
  }

  @Override
  public void found(ItemInfo info) {
    int keyLength = withKey ? request.keyLength() : 0;
    int valueLength = withValue ? info.valueLengthBytes() : 0;
    head(BinaryStatus.OK, keyLength, Integer.BYTES, valueLength, info.cas());
    reply.putInt(info.clientFlags());
    if (withKey) {
      work.key.copyTo(NativeMemory.ALL, reply.address());
      reply.skip(keyLength);
    }
    if (withValue) {
      info.copyValueTo(NativeMemory.ALL, reply.address());
      reply.skip(valueLength);
    }
  }

  /** Says that it was done, and the item's version, unless the request is quiet. */
  void done(long cas) {
    if (!request.isQuiet()) {
      head(BinaryStatus.OK, 0, 0, 0, cas);
    }
  }

  /** Says what a number became, unless the request is quiet. */
  void number(long value, long cas) {
    if (!request.isQuiet()) {
      head(BinaryStatus.OK, 0, 0, Long.BYTES, cas);
      reply.putLong(value);
    }
  }

  /** Says something in words, unless the request is quiet. */
  void text(String text) {
    if (!request.isQuiet()) {
      head(BinaryStatus.OK, 0, 0, text.length(), 0);
      reply.putAscii(text);
    }
  }

  /** Says that something went wrong, which quiet requests hear too. */
  void fail(BinaryStatus status) {
    byte[] message = status.message();
    head(status, 0, 0, message.length, 0);
    reply.put(message);
  }

  /** Says that there is no such item, with its key. */
  void missWithKey() {
    head(BinaryStatus.NOT_FOUND, request.keyLength(), 0, 0, 0);
    work.key.copyTo(NativeMemory.ALL, reply.address());
    reply.skip(request.keyLength());
  }

  /** Writes one figure. */
  void figure(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    byte[] valueBytes = value.getBytes(StandardCharsets.US_ASCII);
    head(BinaryStatus.OK, nameBytes.length, 0, valueBytes.length, 0);
    reply.put(nameBytes);
    reply.put(valueBytes);
  }

  /** Ends figures. */
  void lastFigure() {
    head(BinaryStatus.OK, 0, 0, 0, 0);
    reply.put(NONE);
  }

  /** Writes a reply's head, and makes room for its body. */
  private void head(
      BinaryStatus status, int keyLength, int extrasLength, int valueLength, long cas) {
    int bodyLength = keyLength + extrasLength + valueLength;
    reply.reserve(BinaryRequest.HEAD_BYTES + bodyLength);
    reply.put((char) (BinaryRequest.REPLY_MAGIC & 0xFF));
    reply.put((char) request.code());
    reply.putShort(keyLength);
    reply.put((char) extrasLength);
    reply.put((char) 0);
    reply.putShort(status.code());
    reply.putInt(bodyLength);
    reply.putInt(request.opaque());
    reply.putLong(cas);
  }
}
