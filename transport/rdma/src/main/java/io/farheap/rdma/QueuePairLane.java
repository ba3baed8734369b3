package io.farheap.rdma;

import io.farheap.rdma.fabric.QueuePair;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.session.Backlog;
import io.farheap.transport.session.Piece;
import io.farheap.transport.session.Presence;
import io.farheap.transport.slab.Refusals;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One way to a server, across queue pairs that come and go.
 *
 * <p>Operations wait in the backlog until {@link #flush} posts them, all with one doorbell. Posted
 * ones stand in the ring in the order of posting, which is that of completion; only the last of a
 * post and every {@value #SIGNAL_EVERY}th asks to be reported, and its report stands for those
 * before it. Everything here is guarded by {@link #lock}; who does not get it when he only looks
 * for completions need not, since its holder looks too.
 *
 * <p>Whatever is thrown while operations are posted or their completions handed out leaves the lane
 * at odds with its device about what was posted, so it makes the queue pair unusable too.
 *
 * <p>A queue pair that fails is not given up here but by the server, since all lanes must stop
 * before any operation of theirs may be posted again: see {@link RdmaServer}.
 */
final class QueuePairLane implements Piece.Way {
  private static final int SIGNAL_EVERY = 16;

  private static final long DRAIN_NANOS = 200_000_000;
  private static final long DRAIN_PAUSE_NANOS = 20_000;

  /** About as long as a device on the same network takes. */
  private static final long SPIN_NANOS = 10_000;

  private final Presence presence;
  private final LocalRegion region;
  private final ReentrantLock lock = new ReentrantLock();
  private final Backlog<Operation> backlog = new Backlog<>();

  /** What {@link #detach} has found posted and not moved to the backlog yet. */
  private final Backlog<Operation> unreported = new Backlog<>();

  private final Buffers buffers = new Buffers();
  private final Watcher watcher = new Watcher(this);
  private final AtomicInteger parked = new AtomicInteger();

  /** Whether there is something to post; a hint for those who do not hold the lock. */
  private volatile boolean waiting;

  /** Null while the server is away. */
  private volatile QueuePair pair;

  private volatile long session;

  /** Why the queue pair is of no use any more; null while it is of use. */
  private Throwable defect;

  /** Posted operations by their ids, from {@code head} to {@code tail}; null where one is over. */
  private Operation[] ring = new Operation[0];

  private long head;
  private long tail;

  /** The last operation of which the device has reported how it went. */
  private long reported;

  private volatile long lastProgressNanos;
  private boolean regionKeyKnown;
  private int regionKey;
  private boolean closed;

  QueuePairLane(Presence presence, LocalRegion region) {
    this.presence = presence;
    this.region = region;
  }

  @Override
  public long session() {
    return session;
  }

  /** Takes an operation that was started on this lane; {@link #flush} posts it. */
  void submit(Operation operation) {
    lock.lock();
    try {
      if (closed) {
        finish(operation, Refusals.closed());
      } else {
        backlog.add(operation);
        waiting = true;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() {
    if (waiting) {
      locked(true);
    }
  }

  /** Looks for completions, and posts what waits. */
  @Override
  public void receive() {
    locked(false);
  }

  @Override
  public void look() {
    locked(false);
  }

  @Override
  public long spinNanos() {
    return SPIN_NANOS;
  }

  private void locked(boolean surely) {
    Throwable found;
    Throwable thrown = null;
    long ofSession = 0;
    if (surely) {
      lock.lock();
    } else if (!lock.tryLock()) {
      return;
    }
    try {
      ofSession = session;
      complete();
      post();
      found = defect;
    } catch (RuntimeException | Error e) {
      thrown = e;
      found = e;
      defect = e;
    } finally {
      lock.unlock();
    }
    if (found != null) {
      presence.lost(ofSession, found);
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  private void post() {
    if (pair == null || defect != null) {
      return;
    }
    Operation next = nextPostable();
    int unsignalled = 0;
    try {
      boolean any = next != null;
      if (head == tail) {
        lastProgressNanos = System.nanoTime();
      }
      while (next != null) {
        Operation operation = next;
        long id = tail++;
        ring[index(id)] = operation;
        next = nextPostable();
        boolean signalled = next == null || ++unsignalled % SIGNAL_EVERY == 0;
        add(operation, id, signalled);
      }
      if (any) {
        pair.post();
      }
    } catch (TransportException e) {
      defect = e;
    }
    waiting = !backlog.isEmpty();
  }

  private int index(long id) {
    return (int) (id & (ring.length - 1));
  }

  /** Takes the next operation for which there is room; those that make no sense any more end. */
  private Operation nextPostable() {
    while (tail - head < Math.min(ring.length, pair.depth()) && !backlog.isEmpty()) {
      Operation operation = backlog.peek();
      if (operation.slab.isLost()) {
        backlog.poll();
        finish(operation, Refusals.lost(operation));
      } else if (!needsBuffer(operation)) {
        return backlog.poll();
      } else {
        operation.buffer = buffers.take();
        return operation.buffer == Operation.NO_BUFFER ? null : backlog.poll();
      }
    }
    return null;
  }

  private boolean needsBuffer(Operation operation) {
    return operation.isAtomic() || !(operation.registered || isInline(operation));
  }

  private boolean isInline(Operation operation) {
    return operation.kind == Operation.Kind.WRITE && operation.lengthBytes <= pair.inlineBytes();
  }

  private void add(Operation operation, long id, boolean signalled) {
    long remoteAddress = operation.remoteAddress();
    int remoteKey = operation.slab.remoteKey();
    int lengthBytes = operation.lengthBytes;
    boolean buffered = operation.buffer != Operation.NO_BUFFER;
    long rawAddress = buffered ? buffers.rawAddress(operation.buffer) : operation.rawAddress;
    switch (operation.kind) {
      case READ -> {
        int key = buffered ? buffers.localKey() : regionKey();
        pair.read(id, signalled, rawAddress, lengthBytes, key, remoteAddress, remoteKey);
      }
      case WRITE -> {
        if (buffered) {
          buffers.fill(operation);
        }
        if (isInline(operation)) {
          pair.writeInline(id, signalled, rawAddress, lengthBytes, remoteAddress, remoteKey);
        } else {
          int key = buffered ? buffers.localKey() : regionKey();
          pair.write(id, signalled, rawAddress, lengthBytes, key, remoteAddress, remoteKey);
        }
      }
      case COMPARE_AND_SWAP ->
          pair.compareAndSwap(
              id,
              rawAddress,
              buffers.localKey(),
              remoteAddress,
              remoteKey,
              operation.expected,
              operation.operand);
      case FETCH_AND_ADD ->
          pair.fetchAndAdd(
              id, rawAddress, buffers.localKey(), remoteAddress, remoteKey, operation.operand);
    }
  }

  private int regionKey() {
    if (!regionKeyKnown) {
      regionKey = region.key(pair.domain());
      regionKeyKnown = true;
    }
    return regionKey;
  }

  private void complete() {
    if (pair == null) {
      return;
    }
    try {
      int count = pair.poll();
      for (int i = 0; i < count; i++) {
        completed(pair.id(i), pair.status(i));
      }
    } catch (TransportException e) {
      defect = e;
    }
  }

  private void completed(long id, int status) {
    if (id < head || id >= tail) {
      throw new TransportException("the device reports request " + id + ", which is not open");
    }
    reported = id;
    if (status == QueuePair.SUCCESS) {
      while (head <= id) {
        Operation operation = ring[index(head)];
        ring[index(head++)] = null;
        if (operation != null) {
          succeeded(operation);
        }
      }
      lastProgressNanos = System.nanoTime();
      return;
    }
    Operation operation = ring[index(id)];
    TransportException failure = failure(operation, status);
    if (failure != null) {
      ring[index(id)] = null;
      finish(operation, failure);
    }
    if (defect == null) {
      defect =
          new ConnectionLostException(
              "a queue pair failed with status " + status + " (" + WorkStatus.name(status) + ")");
    }
  }

  /** What a status means for its operation; null if the operation may be posted again. */
  private static TransportException failure(Operation operation, int status) {
    if (operation == null) {
      return null;
    }
    if (status == QueuePair.REMOTE_ACCESS) {
      // The client knows its slabs and their ranges: one that cannot be reached is gone.
      return new SlabLostException(operation + ": the server lets nobody reach the slab any more");
    }
    if (WorkStatus.isOfRequest(status)) {
      return new TransportException(
          operation + ": the device refuses it (" + WorkStatus.name(status) + ")");
    }
    return null;
  }

  private void succeeded(Operation operation) {
    if (operation.isAtomic()) {
      operation.result = buffers.word(operation.buffer);
    } else if (operation.buffer != Operation.NO_BUFFER
        && operation.kind == Operation.Kind.READ
        && !operation.isAbandoned()) {
      buffers.empty(operation);
    }
    finish(operation, null);
  }

  /** One piece is over. */
  private void finish(Operation operation, TransportException failure) {
    giveBuffer(operation);
    if (failure != null) {
      operation.fail(failure);
    }
    operation.finish();
  }

  private void giveBuffer(Operation operation) {
    if (operation.buffer != Operation.NO_BUFFER) {
      buffers.giveBack(operation.buffer);
      operation.buffer = Operation.NO_BUFFER;
    }
  }

  /**
   * Uses a queue pair of a new session. Called by the server.
   *
   * @throws TransportException if the lane's buffers cannot be registered with its device
   */
  void attach(QueuePair newPair, long ofSession) {
    lock.lock();
    try {
      if (closed) {
        throw Refusals.closed();
      }
      buffers.register(newPair.domain());
      int places = Integer.highestOneBit(newPair.depth());
      if (ring.length < places) {
        ring = new Operation[places];
      }
      regionKeyKnown = false;
      defect = null;
      head = 0;
      tail = 0;
      reported = -1;
      session = ofSession;
      pair = newPair;
      lastProgressNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the queue pair up: afterwards the device touches no local memory for it. What was posted
   * goes back to the front of the backlog, in its order, but for what must not be done twice.
   * Called by the server.
   */
  void detach(Throwable cause) {
    lock.lock();
    try {
      if (pair == null) {
        return;
      }
      try {
        pair.abort();
        drain();
      } catch (RuntimeException | Error e) {
        // What was not heard is posted again.
        defect = e;
      }
      pair.close();
      pair = null;
      for (long id = head; id < tail; id++) {
        Operation operation = ring[index(id)];
        ring[index(id)] = null;
        if (operation != null) {
          takeBack(operation, cause);
        }
      }
      head = tail;
    } finally {
      backlog.prepend(unreported);
      waiting = !backlog.isEmpty();
      lock.unlock();
    }
  }

  /** Hears what was still carried out, as long as the device says anything. */
  private void drain() {
    long deadlineNanos = System.nanoTime() + DRAIN_NANOS;
    while (head < tail && reported < tail - 1 && System.nanoTime() - deadlineNanos < 0) {
      int count = pair.poll();
      for (int i = 0; i < count; i++) {
        completed(pair.id(i), pair.status(i));
      }
      if (count == 0) {
        LockSupport.parkNanos(DRAIN_PAUSE_NANOS);
      }
    }
  }

  private void takeBack(Operation operation, Throwable cause) {
    giveBuffer(operation);
    if (operation.isAtomic()) {
      finish(
          operation,
          new ConnectionLostException(
              operation + " may or may not have been carried out (" + Presence.text(cause) + ")"));
    } else if (operation.isAbandoned()) {
      finish(operation, null);
    } else {
      unreported.add(operation);
    }
  }

  /** Fails what waits and fits; nothing of it is posted. */
  void failWaiting(
      Predicate<Operation> which, Function<Operation, ? extends TransportException> failure) {
    lock.lock();
    try {
      backlog.fail(which, failure);
      waiting = !backlog.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the device may still touch memory for can only be stopped by the end of the queue pair.
   */
  @Override
  public boolean giveUp(Piece whole) {
    lock.lock();
    try {
      if (whole.isOver()) {
        return true;
      }
      for (long id = head; id < tail; id++) {
        Operation operation = ring[index(id)];
        if (operation != null && operation.isOf(whole) && touchesMemory(operation)) {
          return false;
        }
      }
      whole.abandon();
      whole.endAbandoned(backlog.removePiecesOf(whole));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static boolean touchesMemory(Operation operation) {
    return operation.kind != Operation.Kind.READ || operation.buffer == Operation.NO_BUFFER;
  }

  /** Looks after the lane now and then; answers why its queue pair must be given up, or null. */
  Throwable tend(long nowNanos, long stallNanos) {
    lock.lock();
    try {
      if (pair == null) {
        return null;
      }
      complete();
      post();
      if (defect == null && !pair.isConnected()) {
        defect = new ConnectionLostException("the server has ended a queue pair");
      }
      if (defect == null && head < tail && nowNanos - lastProgressNanos >= stallNanos) {
        defect = new ConnectionLostException("a queue pair made no progress for too long");
      }
      return defect;
    } catch (RuntimeException | Error e) {
      defect = e;
      return e;
    } finally {
      lock.unlock();
    }
  }

  /** Asks for an event when something completes; null if there is no queue pair to ask. */
  QueuePair arm() {
    lock.lock();
    try {
      if (pair != null && defect == null) {
        pair.arm();
      }
      return defect == null ? pair : null;
    } catch (TransportException e) {
      defect = e;
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** A thread stops looking for completions itself; the watcher looks for it. */
  @Override
  public void park() {
    parked.incrementAndGet();
    watcher.wake();
  }

  @Override
  public void unpark() {
    parked.decrementAndGet();
  }

  boolean hasParked() {
    return parked.get() > 0;
  }

  /** Ends everything with a failure; the device touches no local memory any more. */
  void close(TransportException failure) {
    watcher.stop();
    lock.lock();
    try {
      closed = true;
      detach(failure);
      while (!backlog.isEmpty()) {
        finish(backlog.poll(), failure);
      }
      waiting = false;
      buffers.close();
    } finally {
      lock.unlock();
    }
  }
}
