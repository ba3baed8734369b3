package io.farheap.transport.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One direction of a connection: bytes keep their order, arrive late and in other portions than
 * they were sent in, or not at all.
 */
final class Stream {
  private static final int MOST_BYTES_UNDER_WAY = 128 << 10;
  private static final byte[] END = new byte[0];

  /** Whoever gets the bytes. */
  interface Receiver {
    /** When it can be reached: now, or the time of the world from which on it perhaps is. */
    long reachableAt();

    /** Something is there to be taken, or the end. */
    void ready();
  }

  private final World world;
  private final long delayNanos;
  private final Receiver receiver;
  private final ArrayDeque<byte[]> underWay = new ArrayDeque<>();
  private final ArrayDeque<byte[]> there = new ArrayDeque<>();
  private int bytesHeld;
  private boolean arriving;
  private boolean cut;
  private boolean silent;
  private boolean damaged;

  Stream(World world, long delayNanos, Receiver receiver) {
    this.world = world;
    this.delayNanos = delayNanos;
    this.receiver = receiver;
  }

  /** How many bytes are taken now. */
  int room() {
    return MOST_BYTES_UNDER_WAY - bytesHeld;
  }

  /** Sends bytes, of which what has no room now is held back by the system. */
  void send(byte[] bytes) {
    if (cut || bytes.length == 0) {
      return;
    }
    int times = 1;
    if (damaged) {
      damaged = false;
      switch (world.below(3)) {
        case 0 -> times = 0;
        case 1 -> times = 2;
        default -> bytes[world.below(bytes.length)] ^= (byte) (1 << world.below(Byte.SIZE));
      }
      world.count("damage");
    }
    for (int i = 0; i < times; i++) {
      bytesHeld += bytes.length;
      underWay.add(bytes);
    }
    arriveLater();
  }

  /** The next bytes that are sent, whole frames perhaps, arrive changed, twice or not at all. */
  void damage() {
    damaged = true;
  }

  /** Nothing arrives any more, and nobody is told. */
  void silence() {
    silent = true;
  }

  /** What is under way is all that arrives. */
  void end() {
    if (!cut) {
      cut = true;
      underWay.add(END);
      arriveLater();
    }
  }

  /** Only part of what is under way arrives, down to the middle of a frame. */
  void cut() {
    if (cut) {
      return;
    }
    int left = world.below(bytesHeld + 1);
    ArrayDeque<byte[]> kept = new ArrayDeque<>();
    for (byte[] chunk = underWay.poll(); chunk != null; chunk = underWay.poll()) {
      int length = Math.min(left, chunk.length);
      if (length > 0) {
        kept.add(Arrays.copyOf(chunk, length));
      }
      left -= length;
    }
    underWay.addAll(kept);
    end();
  }

  private void arriveLater() {
    if (!arriving && !underWay.isEmpty()) {
      arriving = true;
      long nanos = world.between(delayNanos / 2, delayNanos);
      world.after(world.chance(50) ? 20 * nanos : nanos, this::arrive);
    }
  }

  private void arrive() {
    arriving = false;
    if (silent) {
      return;
    }
    long reachableAt = receiver.reachableAt();
    if (reachableAt > world.now()) {
      arriving = true;
      world.after(reachableAt - world.now() + world.between(0, delayNanos), this::arrive);
      return;
    }
    // Chunks that follow each other closely arrive together, as they do from a socket.
    do {
      there.add(underWay.poll());
    } while (!underWay.isEmpty() && world.chance(2));
    arriveLater();
    receiver.ready();
  }

  boolean isReady() {
    return !there.isEmpty();
  }

  /** Takes bytes that are there: some, null if there are none, an empty array at the end. */
  byte[] take(int most) {
    byte[] first = there.peek();
    if (first == null || first.length == 0) {
      return first;
    }
    there.poll();
    int length = Math.min(most, first.length);
    if (length > 1 && world.chance(4)) {
      length = (int) world.between(1, length);
    }
    if (length < first.length) {
      there.addFirst(Arrays.copyOfRange(first, length, first.length));
    }
    bytesHeld -= length;
    return length == first.length ? first : Arrays.copyOf(first, length);
  }
}
