package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** A write allocates nothing; a read what building the same value by hand does. */
@SuppressWarnings("ArrayRecordComponent")
class CodecAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS_PER_ROUND = 50_000;

  private static final int ROUNDS_BY_HAND = 5;

  /** Code that is not compiled yet may allocate, and a busy machine compiles late. */
  private static final int MOST_ROUNDS = 100;

  record Point(double x, double y) {}

  record Line(byte tag, Point from, Point to, boolean dashed) {}

  record Samples(int id, @Length(6) long[] values, @Length(3) boolean[] flags) {}

  record Wide(byte a, short b, boolean c, int d, char e, long f, float g, double h) {}

  record Linked(int id, FarRef<Linked> next, FarRef<byte[]> none) {}

  /** What is stored here was really allocated. */
  private volatile Object sink;

  @Test
  void primitives() {
    assertAllocatesOnlyTheResult(
        Wide.class, i -> new Wide((byte) i, (short) i, i > 0, i, (char) i, i, i, i));
  }

  @Test
  void nestedRecords() {
    assertAllocatesOnlyTheResult(
        Line.class, i -> new Line((byte) i, new Point(i, 1), new Point(2, i), i > 0));
  }

  @Test
  void arrays() {
    assertAllocatesOnlyTheResult(Samples.class, i -> new Samples(i, new long[6], new boolean[3]));
  }

  @Test
  void references() {
    assertAllocatesOnlyTheResult(
        Linked.class, i -> new Linked(i, FarRef.of(Linked.class, i + 1), FarRef.none()));
  }

  private <T extends Record> void assertAllocatesOnlyTheResult(
      Class<T> type, IntFunction<T> byHand) {
    RecordLayout<T> layout = RecordLayout.of(type);
    Codec<T> codec = layout.codec();
    int lengthBytes = layout.lengthBytes();
    T value = byHand.apply(1);
    try (LocalBytes local = new LocalBytes(lengthBytes)) {
      long rawAddress = local.rawAddress();
      assertEquals(0, bytesPerCall(_ -> codec.write(rawAddress, lengthBytes, value), 0), "write");
      long resultBytes = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS_BY_HAND; round++) {
        resultBytes = Math.min(resultBytes, bytesPerCall(i -> sink = byHand.apply(i)));
      }
      assertEquals(
          resultBytes,
          bytesPerCall(_ -> sink = codec.read(rawAddress, lengthBytes), resultBytes),
          "read");
    }
  }

  /** Rounds until one allocates no more than expected; the best one otherwise. */
  private static long bytesPerCall(IntConsumer call, long expectedBytes) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > expectedBytes; round++) {
      least = Math.min(least, bytesPerCall(call));
    }
    return least;
  }

  /** Rounded mean over one round, of this thread only. */
  private static long bytesPerCall(IntConsumer call) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS_PER_ROUND; i++) {
      call.accept(i);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    return Math.round((double) allocated / CALLS_PER_ROUND);
  }
}
