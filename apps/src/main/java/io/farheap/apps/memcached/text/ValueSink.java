package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.ItemKey;
import io.farheap.apps.memcached.store.ItemSink;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.base.memory.NativeMemory;
import java.nio.charset.StandardCharsets;

/** Writes items as the text protocol's {@code get} and {@code gets} show them. */
final class ValueSink implements ItemSink {
  private static final byte[] VALUE = "VALUE ".getBytes(StandardCharsets.US_ASCII);

  /** Room for flags, length and version with blanks and line ends. */
  private static final int MAX_NUMBERS_BYTES = 64;

  private final Reply reply;
  private final ItemKey key;
  private boolean withVersion;

  ValueSink(Reply reply, ItemKey key) {
    this.reply = reply;
    this.key = key;
  }

  void showVersion(boolean show) {
    withVersion = show;
  }

  @Override
  public void found(ItemInfo info) {
    int valueLength = info.valueLengthBytes();
    int keyLength = key.lengthBytes();
    reply.reserve(VALUE.length + keyLength + MAX_NUMBERS_BYTES + valueLength);
    reply.put(VALUE);
    key.copyTo(NativeMemory.ALL, reply.address());
    reply.skip(keyLength);
    reply.put(' ');
    reply.putDecimal(Integer.toUnsignedLong(info.clientFlags()));
    reply.put(' ');
    reply.putDecimal(valueLength);
    if (withVersion) {
      reply.put(' ');
      reply.putDecimal(info.cas());
    }
    reply.putLineEnd();
    info.copyValueTo(NativeMemory.ALL, reply.address());
    reply.skip(valueLength);
    reply.putLineEnd();
  }
}
