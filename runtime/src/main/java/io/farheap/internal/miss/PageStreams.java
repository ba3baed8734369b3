package io.farheap.internal.miss;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Recognises runs of misses on neighbouring pages, and says which pages come next.
 *
 * <p>A miss just behind an earlier one makes a stream of both. What is to be read ahead of it, its
 * window, doubles as often as the stream goes on, up to a limit. Whoever finds the lock taken goes
 * without an answer: a stream that misses one page is recognised again at the next.
 */
final class PageStreams {
  /** Streams that are followed at the same time. */
  static final int STREAMS = 16;

  private static final int FIRST_WINDOW = 2;

  /** How far behind the end of a stream a miss may lie and still belong to it. */
  private static final int REACH = 4;

  /** For so many uses of the table a recognised stream counts as younger than a lone miss. */
  private static final int FAVOUR = 256;

  private static final int TRIES = 32;

  /** Neighbouring pages that are to be read ahead. */
  record Ahead(long firstPage, int pages) {}

  private static final class Stream {
    /** The page behind the last one that was asked for. */
    long next = -REACH;

    /** The page behind the last one that was read, or was said to be read. */
    long end = -REACH;

    /** Pages to read ahead; 0 for a lone miss. */
    int window;

    long lastUse;

    boolean wouldMiss(long page) {
      return page >= next && page < Math.max(end, next + REACH);
    }

    boolean hasAhead(long page) {
      return page >= next && page < end;
    }

    /** Says that everything up to the window's end shall be read. */
    Ahead extend() {
      Ahead ahead = new Ahead(end, (int) (next + window - end));
      end = next + window;
      return ahead;
    }
  }

  private final int mostPages;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Stream[] streams = new Stream[STREAMS];
  private long uses;

  /**
   * A table without streams.
   *
   * @param mostPages largest window, at least 1
   */
  PageStreams(int mostPages) {
    this.mostPages = mostPages;
    for (int i = 0; i < STREAMS; i++) {
      streams[i] = new Stream();
    }
  }

  /**
   * Notes a miss.
   *
   * @return what to read ahead of it, or null
   */
  Ahead missed(long page) {
    if (!tryLock()) {
      return null;
    }
    try {
      uses++;
      for (Stream stream : streams) {
        if (stream.wouldMiss(page)) {
          // What was to be read from here on did not come, or has gone again.
          stream.next = page + 1;
          stream.end = page + 1;
          widen(stream);
          return stream.extend();
        }
      }
      begin(oldest(), page);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that a page was used which had been read ahead.
   *
   * @return what to read now so that the reader does not catch up, or null
   */
  Ahead used(long page) {
    if (!tryLock()) {
      return null;
    }
    try {
      for (Stream stream : streams) {
        if (stream.hasAhead(page)) {
          stream.next = page + 1;
          stream.lastUse = ++uses;
          if (stream.end - stream.next > stream.window / 2) {
            return null;
          }
          widen(stream);
          return stream.extend();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void widen(Stream stream) {
    stream.window = Math.clamp(2L * stream.window, Math.min(FIRST_WINDOW, mostPages), mostPages);
    stream.lastUse = uses;
  }

  private void begin(Stream stream, long page) {
    stream.next = page + 1;
    stream.end = page + 1;
    stream.window = 0;
    stream.lastUse = uses;
  }

  private Stream oldest() {
    Stream oldest = streams[0];
    for (Stream stream : streams) {
      if (age(stream) > age(oldest)) {
        oldest = stream;
      }
    }
    return oldest;
  }

  private long age(Stream stream) {
    return uses - stream.lastUse - (stream.window > 0 ? FAVOUR : 0);
  }

  private boolean tryLock() {
    for (int i = 0; i < TRIES; i++) {
      if (lock.tryLock()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }
}
