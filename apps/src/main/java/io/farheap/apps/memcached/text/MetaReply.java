package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.protocol.Base64Key;
import io.farheap.apps.memcached.protocol.MetaRequest;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.ItemSink;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;

/**
 * Writes replies of meta commands: two letters, what the flags ask for in their order, and perhaps
 * the value. As a sink it writes what {@code mg} finds.
 */
final class MetaReply implements ItemSink {
  /**
   * Room for a reply's line: each flag has at most a number or an opaque token, one has the key.
   */
  private static final int MAX_LINE_BYTES = 1024 + 2 * TextRequest.MAX_KEY_BYTES;

  /** What an item takes beside key and value, to show; about. */
  private static final int ITEM_HEADER_BYTES = 48;

  private final Workspace work;
  private final Reply reply;
  private final MetaRequest request;

  MetaReply(Workspace work, MetaRequest request) {
    this.work = work;
    this.reply = work.reply;
    this.request = request;
  }

  /** Writes a line with the flags that need no item: opaque and key. */
  void withoutItem(char first, char second) {
    begin(first, second, 0);
    for (int i = 0; i < request.flagCount(); i++) {
      char flag = request.flag(i);
      if (flag == 'O') {
        putOpaque(i);
      } else if (flag == 'k') {
        putKey(request.has('b'));
      }
    }
    reply.putLineEnd();
  }

  /** Writes a line with opaque, key and the version that was stored. */
  void stored(char first, char second, long cas) {
    begin(first, second, 0);
    for (int i = 0; i < request.flagCount(); i++) {
      switch (request.flag(i)) {
        case 'O' -> putOpaque(i);
        case 'k' -> putKey(request.has('b'));
        case 'c' -> putNumber('c', cas);
        default -> {}
      }
    }
    reply.putLineEnd();
  }

  /** Writes what an item's number became. */
  void counted(ItemInfo info, long expirySeconds) {
    int digits = Long.toUnsignedString(info.number()).length();
    boolean showsValue = request.has('v');
    if (showsValue) {
      begin('V', 'A', digits);
      reply.put(' ');
      reply.putDecimal(digits);
    } else {
      begin('H', 'D', 0);
    }
    for (int i = 0; i < request.flagCount(); i++) {
      switch (request.flag(i)) {
        case 'O' -> putOpaque(i);
        case 'k' -> putKey(request.has('b'));
        case 'c' -> putNumber('c', info.cas());
        case 't' -> putTimeLeft(expirySeconds);
        default -> {}
      }
    }
    reply.putLineEnd();
    if (showsValue) {
      reply.putDecimal(info.number());
      reply.putLineEnd();
    }
  }

  @Override
  public void found(ItemInfo info) {
    int valueLength = info.valueLengthBytes();
    boolean showsValue = request.has('v');
    if (showsValue) {
      begin('V', 'A', valueLength);
      reply.put(' ');
      reply.putDecimal(valueLength);
    } else {
      begin('H', 'D', 0);
    }
    long expirySeconds = info.created() ? 0 : info.expirySeconds();
    for (int i = 0; i < request.flagCount(); i++) {
      switch (request.flag(i)) {
        case 'T' -> expirySeconds = work.server.expiry(request.exptime());
        case 'N' -> {
          if (info.created()) {
            expirySeconds = work.server.expiry(request.vivifyExptime());
          }
        }
        case 's' -> putNumber('s', valueLength);
        case 't' -> putTimeLeft(expirySeconds);
        case 'c' -> putNumber('c', info.cas());
        case 'f' -> putNumber('f', Integer.toUnsignedLong(info.clientFlags()));
        case 'l' ->
            putNumber('l', Math.max(0, work.server.nowSeconds() - info.lastAccessSeconds()));
        case 'h' -> putNumber('h', info.fetchedBefore() ? 1 : 0);
        case 'O' -> putOpaque(i);
        case 'k' -> putKey(info.binaryKey());
        default -> {}
      }
    }
    putMark(info.tokenSent(), 'Z');
    putMark(info.stale(), 'X');
    putMark(info.won(), 'W');
    reply.putLineEnd();
    if (showsValue) {
      info.copyValueTo(NativeMemory.ALL, reply.address());
      reply.skip(valueLength);
      reply.putLineEnd();
    }
  }

  private void begin(char first, char second, int valueLength) {
    reply.reserve(MAX_LINE_BYTES + valueLength);
    reply.put(first);
    reply.put(second);
  }

  private void putMark(boolean set, char letter) {
    if (set) {
      reply.put(' ');
      reply.put(letter);
    }
  }

  private void putNumber(char letter, long number) {
    reply.put(' ');
    reply.put(letter);
    reply.putDecimal(number);
  }

  private void putTimeLeft(long expirySeconds) {
    if (expirySeconds == 0) {
      reply.put(' ');
      reply.put('t');
      reply.put('-');
      reply.put('1');
    } else {
      putNumber('t', Math.max(0, expirySeconds - work.server.nowSeconds()));
    }
  }

  private void putOpaque(int index) {
    reply.put(' ');
    reply.put(NativeMemory.ALL, request.flagAt(index), request.flagLength(index));
  }

  private void putKey(boolean encoded) {
    reply.put(' ');
    reply.put('k');
    putKeyText(encoded);
    if (encoded) {
      reply.put(' ');
      reply.put('b');
    }
  }

  private void putKeyText(boolean encoded) {
    if (encoded) {
      Base64Key.encode(
          request.keyBase(),
          request.keyAt(),
          request.keyLength(),
          NativeMemory.ALL,
          reply.address());
      reply.skip(Base64Key.encodedLength(request.keyLength()));
    } else {
      reply.put(request.keyBase(), request.keyAt(), request.keyLength());
    }
  }

  /** Writes what {@code me} shows of an item. */
  void described(ItemInfo info) {
    begin('M', 'E', 0);
    reply.put(' ');
    putKeyText(info.binaryKey());
    long now = work.server.nowSeconds();
    long expiry = info.expirySeconds();
    String text =
        " exp="
            + (expiry == 0 ? -1 : now - expiry)
            + " la="
            + Math.max(0, now - info.lastAccessSeconds())
            + " cas="
            + Long.toUnsignedString(info.cas())
            + " fetch="
            + (info.fetchedBefore() ? "yes" : "no")
            + " cls=1 size="
            + (info.keyLengthBytes() + info.valueLengthBytes() + ITEM_HEADER_BYTES);
    reply.putAscii(text);
    reply.putLineEnd();
  }
}
