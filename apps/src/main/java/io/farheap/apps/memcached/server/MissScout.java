package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.store.ItemKey;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.text.KeyCursor;
import io.farheap.apps.memcached.text.LineFinder;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Looks through the requests that a client has sent, as far as they are reads and to the first that
 * is none, for the items that they will need, so that those that are far come in together. What it
 * finds is advice: every request is carried out in its turn, as if nobody had looked.
 */
final class MissScout {
  private static final int MAX_ITEMS = 256;

  private final ItemKey key = new ItemKey();
  private final KeyCursor words = new KeyCursor();
  private final BinaryRequest binary = new BinaryRequest();
  private final long[] handles = new long[MAX_ITEMS];
  private int count;

  /**
   * Looks at lines up to the first that is no read.
   *
   * @param at raw address of the first line
   * @param available how many bytes there are
   * @param begun where the next key of the first line is, 0 if it was not begun
   * @return handles of items that are not local
   */
  long[] findText(ItemStore store, long at, int available, int begun) {
    count = 0;
    long line = at;
    long end = at + available;
    long firstKey = begun == 0 ? 0 : at + begun;
    while (count < MAX_ITEMS) {
      long lineEnd = LineFinder.find(line, end);
      if (lineEnd < 0) {
        break;
      }
      words.begin(line, trim(line, lineEnd));
      if (firstKey != 0) {
        words.begin(firstKey, trim(line, lineEnd));
        firstKey = 0;
        addAll(store);
      } else if (!words.next() || !addLine(store)) {
        break;
      }
      line = lineEnd + 1;
    }
    return Arrays.copyOf(handles, count);
  }

  private static long trim(long line, long lineEnd) {
    boolean returned =
        lineEnd > line && NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, lineEnd - 1) == '\r';
    return returned ? lineEnd - 1 : lineEnd;
  }

  /** Adds the items of a line whose verb was just read; false if it is no read: then its key. */
  private boolean addLine(ItemStore store) {
    int length = words.length();
    byte first = NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, words.start());
    byte second = NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, words.start() + length - 1);
    if (first == 'g' && (length == 3 || length == 4)) {
      boolean touches = NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, words.start() + 1) == 'a';
      if (!touches || words.next()) {
        addAll(store);
      }
      return true;
    }
    if (first == 'm' && length == 2 && second == 'g') {
      if (words.next()) {
        add(store, words.start(), words.length());
      }
      return true;
    }
    if (length == 2 && first == 'm' && second == 'n') {
      return true;
    }
    if (words.next()) {
      add(store, words.start(), words.length());
    }
    return false;
  }

  private void addAll(ItemStore store) {
    while (count < MAX_ITEMS && words.next()) {
      add(store, words.start(), words.length());
    }
  }

  /**
   * Looks at requests up to the first that is no read.
   *
   * @param at raw address of the first request
   * @param available how many bytes there are
   * @return handles of items that are not local
   */
  long[] findBinary(ItemStore store, long at, int available) {
    count = 0;
    long request = at;
    long end = at + available;
    while (count < MAX_ITEMS && end - request >= BinaryRequest.HEAD_BYTES) {
      if (!binary.read(NativeMemory.ALL, request)
          || !binary.fits()
          || binary.bodyLength() > end - request - BinaryRequest.HEAD_BYTES) {
        break;
      }
      switch (binary.opcode()) {
        case GET, GETK, GAT, GATK -> add(store, binary.keyAt(), binary.keyLength());
        case NOOP -> {}
        default -> {
          add(store, binary.keyAt(), binary.keyLength());
          return Arrays.copyOf(handles, count);
        }
      }
      request += BinaryRequest.HEAD_BYTES + binary.bodyLength();
    }
    return Arrays.copyOf(handles, count);
  }

  private void add(ItemStore store, long keyAt, int keyLength) {
    if (keyLength < 1 || keyLength > TextRequest.MAX_KEY_BYTES) {
      return;
    }
    long handle = store.locate(key.at(NativeMemory.ALL, keyAt, keyLength));
    if (handle != 0 && !store.isLocal(handle)) {
      handles[count++] = handle;
    }
  }
}
