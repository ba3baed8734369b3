package io.farheap.jmh.fetch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Our own transport: reads random places of a slab, and checks that the right bytes came. */
public final class FarReader implements Pipelined {
  /** Every place of so many bytes begins with its own offset. */
  private static final int MARK_BYTES = 64;

  private static final int MAX_READ_BYTES = 4096;
  private static final int MAX_DEPTH = 64;
  private static final int WRITE_BYTES = 64 << 10;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment local = arena.allocate((long) MAX_DEPTH * MAX_READ_BYTES, 4096);
  private final Transfer[] transfers = new Transfer[MAX_DEPTH];
  private final SplittableRandom random = new SplittableRandom(42);
  private final FarMemory far;
  private final long slab;
  private final long rangeBytes;

  /**
   * Opens far memory and fills a slab.
   *
   * @param locator where it is
   * @param slabBytes size of its slabs
   * @param rangeBytes how much of the slab is read
   */
  public FarReader(String locator, long slabBytes, long rangeBytes) {
    this.rangeBytes = rangeBytes;
    for (int i = 0; i < MAX_DEPTH; i++) {
      transfers[i] = new Transfer();
    }
    far = Transports.open(locator, TransportOptions.defaults().withSlabBytes(slabBytes));
    far.registerLocal(local);
    slab = far.allocateSlab();
    fill();
  }

  private void fill() {
    Transfer transfer = new Transfer();
    for (long offset = 0; offset < rangeBytes; offset += WRITE_BYTES) {
      for (int at = 0; at < WRITE_BYTES; at += MARK_BYTES) {
        local.set(JAVA_LONG, at, offset + at);
      }
      far.submit(transfer.write(slab, offset, local.address(), WRITE_BYTES));
      far.flush();
      await(transfer);
    }
  }

  private void await(Transfer transfer) {
    far.await(transfer, far.clock().getAsLong() + TIMEOUT_NANOS);
  }

  private void submit(int slot, int lengthBytes) {
    long offset = random.nextLong(rangeBytes / lengthBytes) * lengthBytes;
    long rawAddress = local.address() + (long) slot * MAX_READ_BYTES;
    far.submit(transfers[slot].read(slab, offset, rawAddress, lengthBytes));
  }

  private void check(int slot) {
    long expected = transfers[slot].slabOffset();
    long found = local.get(JAVA_LONG, (long) slot * MAX_READ_BYTES);
    if (found != expected) {
      throw new IllegalStateException("read " + found + " at " + expected + " of the slab");
    }
  }

  @Override
  public void oneAtATime(int replyBytes, long[] nanos) {
    Transfer transfer = transfers[0];
    for (int i = 0; i < nanos.length; i++) {
      long startNanos = System.nanoTime();
      submit(0, replyBytes);
      far.flush();
      await(transfer);
      nanos[i] = System.nanoTime() - startNanos;
      check(0);
    }
  }

  @Override
  public void pipelined(int replyBytes, int count, int depth) {
    int submitted = 0;
    while (submitted < Math.min(depth, count)) {
      submit(submitted++, replyBytes);
    }
    far.flush();
    int slot = 0;
    for (int done = 0; done < count; ) {
      await(transfers[slot]);
      do {
        check(slot);
        done++;
        if (submitted < count) {
          submit(slot, replyBytes);
          submitted++;
        }
        slot = (slot + 1) % depth;
      } while (done < count && transfers[slot].isComplete());
      far.flush();
    }
  }

  /**
   * Reads without looking at the clock.
   *
   * @param replyBytes size of a read
   * @param count how many
   */
  public void reads(int replyBytes, int count) {
    for (int i = 0; i < count; i++) {
      submit(0, replyBytes);
      far.flush();
      await(transfers[0]);
      check(0);
    }
  }

  @Override
  public void close() {
    far.close();
    arena.close();
  }
}
