package io.farheap.apps.memcached.text;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;

/** Walks over the words of a line of any length, one after the other. */
public final class KeyCursor {
  private long at;
  private long end;
  private long start;

  /** Begins at a raw address; a zero byte ends the line before its end. */
  public void begin(long from, long to) {
    at = from;
    end = to;
    start = from;
  }

  /** Goes to the next word; false at the end of the line. */
  public boolean next() {
    while (at < end && NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at) == ' ') {
      at++;
    }
    start = at;
    while (at < end) {
      byte character = NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at);
      if (character == ' ') {
        break;
      }
      if (character == 0) {
        end = at;
        break;
      }
      at++;
    }
    return at > start;
  }

  /** Raw address of the word. */
  public long start() {
    return start;
  }

  /** Length of the word in bytes. */
  public int length() {
    return (int) (at - start);
  }
}
