package io.farheap.testing.faulty;

import io.farheap.base.memory.NativeMemory;
import io.farheap.testing.faulty.HeldTransfer.Fate;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Far memory that delays, reorders, fails and drops the transfers of another far memory, within
 * what {@link FarMemory} allows. All choices follow from a seed: used by one thread in the same
 * way, it behaves in the same way. It may be used by any number of threads.
 *
 * <p>The wrapped memory never sees a caller's transfer but a shadow of it, which is sent when the
 * fate of the transfer says so. A transfer is completed on its owner's thread only, after its
 * shadow is complete or will never be sent. One lock guards everything.
 */
public final class FaultyMemory implements FarMemory {
  private static final int PIECE_BYTES = 64;
  private static final int PIECES_PER_LOST = 8;

  private final FarMemory inner;
  private final FaultPlan plan;
  private final LongSupplier clock;

  // Guarded by this object's lock.
  private final SplittableRandom random;

  /** Transfers that any poll may let go: reordered ones, and dropped ones that still may land. */
  private final List<HeldTransfer> pool = new ArrayList<>();

  private boolean enabled = true;
  private boolean connected = true;
  private boolean closed;
  private long delayed;
  private long reordered;
  private long failed;
  private long dropped;
  private long refusedSlabs;

  /**
   * Wraps a far memory, which it owns from now on.
   *
   * @param inner the far memory to wrap; closed with this one
   * @param plan how often to misbehave
   * @param clock nanoseconds from an arbitrary origin, for delays and deadlines
   */
  public FaultyMemory(FarMemory inner, FaultPlan plan, LongSupplier clock) {
    this.inner = inner;
    this.plan = plan;
    this.clock = clock;
    this.random = new SplittableRandom(plan.seed());
  }

  /**
   * Switches faults on or off for what is submitted from now on. On at first.
   *
   * @param on whether to misbehave
   */
  public synchronized void setEnabled(boolean on) {
    enabled = on;
  }

  /**
   * From now on everything fails with {@link ConnectionLostException}; what is in flight may or may
   * not have been carried out.
   */
  public synchronized void disconnect() {
    connected = false;
  }

  /** Ends what {@link #disconnect} began. */
  public synchronized void reconnect() {
    connected = true;
  }

  /**
   * How often it has misbehaved so far.
   *
   * @return a snapshot
   */
  public synchronized FaultCounts faults() {
    return new FaultCounts(delayed, reordered, failed, dropped, refusedSlabs);
  }

  @Override
  public long slabBytes() {
    return inner.slabBytes();
  }

  @Override
  public synchronized long allocateSlab() {
    requireConnected();
    if (enabled && chance(plan.full())) {
      refusedSlabs++;
      throw new FarMemoryFullException("injected: no slab is free, seed " + plan.seed());
    }
    return inner.allocateSlab();
  }

  @Override
  public synchronized void releaseSlab(long slab) {
    requireConnected();
    inner.releaseSlab(slab);
  }

  @Override
  public void registerLocal(MemorySegment region) {
    inner.registerLocal(region);
  }

  @Override
  public synchronized void submit(Transfer transfer) {
    transfer.start();
    if (isOutOfReach()) {
      transfer.fail(lost());
      return;
    }
    HeldTransfer held = new HeldTransfer(this, transfer, chooseFate());
    transfer.attachment(held);
    switch (held.fate) {
      case PASS -> send(held);
      case DELAY -> {
        delayed++;
        held.pollsLeft = 1 + random.nextInt(plan.delayPolls());
        held.notBeforeNanos =
            plan.delayNanos() == 0 ? 0 : clock.getAsLong() + random.nextLong(plan.delayNanos() + 1);
        if (random.nextBoolean()) {
          send(held);
        }
      }
      case REORDER -> {
        reordered++;
        pool.add(held);
      }
      case FAIL -> {
        failed++;
        if (random.nextBoolean()) {
          send(held);
        } else if (random.nextBoolean()) {
          settleAs(held, injected(transfer));
        }
      }
      case DROP -> {
        dropped++;
        if (random.nextBoolean()) {
          pool.add(held);
        } else if (random.nextBoolean()) {
          send(held);
        }
      }
    }
  }

  private Fate chooseFate() {
    if (!enabled) {
      return Fate.PASS;
    }
    double draw = random.nextDouble();
    if ((draw -= plan.delay()) < 0) {
      return Fate.DELAY;
    }
    if ((draw -= plan.reorder()) < 0) {
      return Fate.REORDER;
    }
    if ((draw -= plan.fail()) < 0) {
      return Fate.FAIL;
    }
    return draw - plan.drop() < 0 ? Fate.DROP : Fate.PASS;
  }

  @Override
  public synchronized void flush() {
    if (!isOutOfReach()) {
      inner.flush();
    }
  }

  @Override
  public boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    synchronized (this) {
      HeldTransfer held = held(transfer);
      if (isOutOfReach()) {
        abandon(held);
        settleAs(held, lost());
        return true;
      }
      letOneGo();
      return advance(held);
    }
  }

  /** Sends one of the pool, in random order; a poll of any transfer may move any other one. */
  private void letOneGo() {
    if (!pool.isEmpty() && random.nextBoolean()) {
      send(pool.remove(random.nextInt(pool.size())));
    }
  }

  /** Does what the transfer's fate has for this poll; true once the transfer is complete. */
  private boolean advance(HeldTransfer held) {
    return switch (held.fate) {
      case PASS, REORDER -> held.isSent() && settleAsShadow(held);
      case DELAY -> advanceDelayed(held);
      case FAIL -> advanceFailing(held);
      case DROP -> false;
    };
  }

  private boolean advanceDelayed(HeldTransfer held) {
    if (held.pollsLeft > 0) {
      held.pollsLeft--;
    }
    if (held.pollsLeft > 0
        || (plan.delayNanos() > 0 && clock.getAsLong() - held.notBeforeNanos < 0)) {
      return false;
    }
    if (!held.isSent()) {
      send(held);
    }
    return settleAsShadow(held);
  }

  private boolean advanceFailing(HeldTransfer held) {
    if (held.isSent() && !inner.poll(held.shadow)) {
      return false;
    }
    settleAs(held, injected(held.transfer));
    return true;
  }

  @Override
  public synchronized void fence(Transfer transfer) {
    if (transfer.state() != Transfer.IN_FLIGHT) {
      return;
    }
    HeldTransfer held = held(transfer);
    // The request may still be on its way: the fence is the last moment at which it may arrive.
    if (!isOutOfReach() && !held.isSent() && random.nextBoolean()) {
      pool.remove(held);
      send(held);
    }
    abandon(held);
    settleAs(held, TransportTimeoutException.fenced(transfer));
  }

  /** After this the transfer's shadow touches nothing any more. */
  private void abandon(HeldTransfer held) {
    if (held.isSent()) {
      inner.fence(held.shadow);
    } else {
      pool.remove(held);
    }
  }

  private void send(HeldTransfer held) {
    inner.submit(held.sendShadow());
  }

  private boolean settleAsShadow(HeldTransfer held) {
    if (!inner.poll(held.shadow)) {
      return false;
    }
    TransportException failure = held.shadow.failure();
    if (failure != null) {
      settleAs(held, failure);
    } else {
      held.transfer.attachment(null);
      held.transfer.complete();
    }
    return true;
  }

  /** Of a read that fails though its bytes were sent most have come, and others are anything. */
  private void scribble(Transfer read) {
    byte[] piece = new byte[PIECE_BYTES];
    for (int at = 0; at < read.lengthBytes(); at += PIECE_BYTES) {
      if (random.nextInt(PIECES_PER_LOST) == 0) {
        random.nextBytes(piece);
        int length = Math.min(PIECE_BYTES, read.lengthBytes() - at);
        NativeMemory.copyIn(piece, 0, read.rawAddress() + at, length);
      }
    }
  }

  private void settleAs(HeldTransfer held, TransportException failure) {
    held.transfer.attachment(null);
    if (!held.transfer.isWrite() && held.shadow.isDone()) {
      scribble(held.transfer);
    }
    held.transfer.fail(failure);
  }

  private HeldTransfer held(Transfer transfer) {
    transfer.requireSubmitted();
    if (transfer.attachment() instanceof HeldTransfer held && held.memory == this) {
      return held;
    }
    throw new IllegalStateException(transfer + " was submitted to another far memory");
  }

  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    synchronized (this) {
      requireConnected();
    }
    return inner.call(function, argument, timeoutNanos);
  }

  @Override
  public FarMemoryStatistics statistics() {
    return inner.statistics();
  }

  @Override
  public LongSupplier clock() {
    return clock;
  }

  /** Closes the wrapped far memory too. */
  @Override
  public synchronized void close() {
    closed = true;
    inner.close();
  }

  private boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  private void requireConnected() {
    if (isOutOfReach()) {
      throw lost();
    }
  }

  private boolean isOutOfReach() {
    return closed || !connected;
  }

  private ConnectionLostException lost() {
    if (closed) {
      return new ConnectionLostException("the faulty far memory is closed; open a new one");
    }
    return new ConnectionLostException("injected: disconnected, seed " + plan.seed());
  }

  private ConnectionLostException injected(Transfer transfer) {
    return new ConnectionLostException("injected: " + transfer + ", seed " + plan.seed());
  }
}
