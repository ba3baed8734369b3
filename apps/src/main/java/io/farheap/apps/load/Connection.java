package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.net.InetSocketAddress;

/**
 * One connection: what was asked on it, in order, and what is still to be sent. Answers are parsed
 * where they arrive. For one thread.
 */
final class Connection implements AutoCloseable {
  private static final int FIRST_BYTES = 16 << 10;

  /** Of a set: the verb, flags, expiry, length, blanks and line ends. */
  private static final int SET_BYTES = 48;

  private static final int GET_BYTES = 8;
  private static final int IS_SET = -1;
  private static final int DECIMAL = 10;
  private static final int GET = Replies.word("get ");
  private static final int SET = Replies.word("set ");
  private static final short LINE_END = (short) ('\r' | '\n' << Byte.SIZE);

  private final Sockets sockets;
  private final Target target;
  private final int socket;
  private final int tag;
  private final int multiget;
  private final NativeBuffer in = new NativeBuffer(FIRST_BYTES);
  private final NativeBuffer out = new NativeBuffer(FIRST_BYTES);
  private boolean waitsForRoom;

  /** The requests under way, a ring: how many keys, {@link #IS_SET} for a store. */
  private final int[] counts;

  private final long[] starts;

  /** Keys of the requests, {@link #multiget} for each, and the oldest versions to answer. */
  private final int[] keys;

  private final int[] oldest;
  private int first;
  private int underWay;

  /** How many keys of the first request were answered or skipped. */
  private int answered;

  /** Keys that were missed and are to be stored, the last first. */
  private final int[] missed;

  private int missedCount;

  /** What is asked and how it is judged, shared by all connections. */
  record Target(KeyText texts, ValueBytes values, KeyStates states, boolean fill) {}

  Connection(
      Sockets sockets, InetSocketAddress server, int tag, Target target, int depth, int multiget) {
    this.sockets = sockets;
    this.target = target;
    this.tag = tag;
    this.multiget = multiget;
    this.counts = new int[depth];
    this.starts = new long[depth];
    this.keys = new int[depth * multiget];
    this.oldest = new int[depth * multiget];
    this.missed = new int[depth * multiget];
    this.socket = sockets.connect(server, tag);
  }

  int underWay() {
    return underWay;
  }

  /** A key that was missed and shall be stored, or -1. */
  int takeMissed() {
    return missedCount == 0 ? -1 : missed[--missedCount];
  }

  void forgetMissed() {
    missedCount = 0;
  }

  private int push(long startNanos, int count) {
    int slot = first + underWay;
    slot = slot >= counts.length ? slot - counts.length : slot;
    starts[slot] = startNanos;
    counts[slot] = count;
    underWay++;
    return slot * multiget;
  }

  /** Puts a read into the buffer. */
  void get(KeyPicker picker, int count, long startNanos) {
    int at = push(startNanos, count);
    long to = out.room(GET_BYTES + (long) count * (1 + target.texts.mostBytes()));
    ALL.set(JAVA_INT_UNALIGNED, to, GET);
    to += Integer.BYTES;
    for (int i = 0; i < count; i++) {
      to = addKey(to, at + i, picker.next());
    }
    endGet(to);
  }

  /** Puts a read of keys that follow each other into the buffer. */
  void getRange(int firstKey, int count, long startNanos) {
    int at = push(startNanos, count);
    long to = out.room(GET_BYTES + (long) count * (1 + target.texts.mostBytes()));
    ALL.set(JAVA_INT_UNALIGNED, to, GET);
    to += Integer.BYTES;
    for (int i = 0; i < count; i++) {
      to = addKey(to, at + i, firstKey + i);
    }
    endGet(to);
  }

  private long addKey(long to, int index, int key) {
    keys[index] = key;
    oldest[index] = target.states.oldest(key);
    long behind = target.texts.write(to, key);
    ALL.set(JAVA_BYTE, behind, (byte) ' ');
    return behind + 1;
  }

  /** The last blank goes. */
  private void endGet(long behind) {
    ALL.set(JAVA_SHORT_UNALIGNED, behind - 1, LINE_END);
    out.filledTo(behind + 1);
  }

  /** Puts a store into the buffer; {@link KeyStates#begin} has given the version. */
  void set(int key, int version, long startNanos) {
    keys[push(startNanos, IS_SET)] = key;
    int length = target.values.length(key, version);
    long to = out.room((long) SET_BYTES + target.texts.mostBytes() + length);
    ALL.set(JAVA_INT_UNALIGNED, to, SET);
    to = target.texts.write(to + Integer.BYTES, key);
    ALL.set(JAVA_BYTE, to, (byte) ' ');
    to = number(to + 1, version);
    ALL.set(JAVA_BYTE, to, (byte) ' ');
    ALL.set(JAVA_BYTE, to + 1, (byte) '0');
    ALL.set(JAVA_BYTE, to + 2, (byte) ' ');
    to = number(to + 3, length);
    ALL.set(JAVA_SHORT_UNALIGNED, to, LINE_END);
    to = target.values.write(to + Short.BYTES, key, version, length);
    ALL.set(JAVA_SHORT_UNALIGNED, to, LINE_END);
    out.filledTo(to + Short.BYTES);
  }

  private static long number(long to, int number) {
    int digits = 1;
    for (int left = number / DECIMAL; left > 0; left /= DECIMAL) {
      digits++;
    }
    int left = number;
    for (int i = digits - 1; i >= 0; i--) {
      ALL.set(JAVA_BYTE, to + i, (byte) ('0' + left % DECIMAL));
      left /= DECIMAL;
    }
    return to + digits;
  }

  /** Sends what there is room for; the rest when there is. */
  void flush(LoadTally tally) {
    while (!out.isEmpty()) {
      long sent = sockets.send(socket, out.firstRawAddress(), out.filledBytes());
      if (sent == Sockets.NOTHING) {
        break;
      }
      tally.sentBytes += sent;
      out.take(sent);
    }
    boolean wait = !out.isEmpty();
    if (wait != waitsForRoom) {
      waitsForRoom = wait;
      sockets.watch(socket, tag, wait);
    }
  }

  /** Takes the answers that have arrived. */
  void receive(LoadTally tally) {
    while (true) {
      long room = in.roomBytes();
      long got = sockets.receive(socket, in.behindRawAddress(), room);
      if (got == Sockets.NOTHING) {
        return;
      }
      if (got == 0) {
        throw new LoadException(
            "the server closed a connection with " + underWay + " requests under way");
      }
      tally.receivedBytes += got;
      in.filledTo(in.behindRawAddress() + got);
      long now = System.nanoTime();
      boolean more = true;
      while (more && underWay > 0 && !in.isEmpty()) {
        more = counts[first] == IS_SET ? setAnswer(tally, now) : getAnswer(tally, now);
      }
      if (underWay == 0 && !in.isEmpty()) {
        throw new LoadException("the server says what nobody asked for: " + Replies.shown(in));
      }
      if (got < room) {
        return;
      }
    }
  }

  private void pop() {
    first = first + 1 == counts.length ? 0 : first + 1;
    underWay--;
    answered = 0;
  }

  /** Takes the answer to a store; false if it is not all there. */
  private boolean setAnswer(LoadTally tally, long now) {
    int lineBytes = Replies.STORED_BYTES;
    boolean stored = Replies.isStored(in);
    if (!stored) {
      lineBytes = Replies.errorLine(in);
      if (lineBytes == 0) {
        return false;
      }
      tally.errors++;
    }
    in.take(lineBytes);
    target.states.end(keys[first * multiget], stored);
    tally.sets++;
    tally.stored += stored ? 1 : 0;
    LoadTally.record(tally.setNanos, now - starts[first]);
    pop();
    return true;
  }

  /** Takes the answer to a read, or one value of it; false if not even that is there. */
  private boolean getAnswer(LoadTally tally, long now) {
    if (Replies.isValue(in)) {
      return value(tally);
    }
    int lineBytes = Replies.END_BYTES;
    if (!Replies.isEnd(in)) {
      lineBytes = Replies.errorLine(in);
      if (lineBytes == 0) {
        return false;
      }
      tally.errors++;
      answered = counts[first];
    }
    in.take(lineBytes);
    int base = first * multiget;
    while (answered < counts[first]) {
      miss(keys[base + answered++], tally);
    }
    tally.gets++;
    LoadTally.record(tally.getNanos, now - starts[first]);
    pop();
    return true;
  }

  private void miss(int key, LoadTally tally) {
    tally.misses++;
    if (target.fill && missedCount < missed.length) {
      missed[missedCount++] = key;
    }
  }

  private boolean value(LoadTally tally) {
    long start = in.firstRawAddress();
    long end = in.behindRawAddress();
    long behindLine = Replies.behindLine(start, end);
    if (behindLine == 0) {
      return false;
    }
    long at = start + Replies.VALUE_BYTES;
    int key = target.texts.read(at, behindLine - at);
    if (key < 0) {
      throw new WrongValueException("a value of no key that was asked: " + Replies.shown(in));
    }
    long packed = Replies.flagsAndLength(at + target.texts.length(key), behindLine);
    if (packed < 0) {
      throw new LoadException("the server's answer makes no sense: " + Replies.shown(in));
    }
    int version = Replies.flags(packed);
    int length = Replies.length(packed);
    long behind = behindLine + length + Short.BYTES;
    if (behind > end) {
      in.want(behind - start);
      return false;
    }
    int base = first * multiget;
    while (answered < counts[first] && keys[base + answered] != key) {
      miss(keys[base + answered++], tally);
    }
    if (answered == counts[first]) {
      throw new WrongValueException("a value of another key than was asked: " + Replies.shown(in));
    }
    judge(behindLine, key, version, length, oldest[base + answered]);
    answered++;
    tally.hits++;
    in.take(behind - start);
    return true;
  }

  private void judge(long rawAddress, int key, int version, int length, int oldestVersion) {
    if (version < oldestVersion || version > target.states.newest(key)) {
      throw new WrongValueException(
          "key "
              + key
              + " has version "
              + version
              + ", want "
              + oldestVersion
              + " to "
              + target.states.newest(key));
    }
    if (!target.values.matches(rawAddress, key, version, length)
        || ALL.get(JAVA_SHORT_UNALIGNED, rawAddress + length) != LINE_END) {
      throw new WrongValueException(
          "the value of key "
              + key
              + ", version "
              + version
              + ", is not what was stored ("
              + length
              + " bytes of "
              + target.values.length(key, version)
              + ")");
    }
  }

  @Override
  public void close() {
    sockets.close(socket);
    in.close();
    out.close();
  }
}
