package io.farheap.transport.session;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One of the connections to a server, across links that come and go: a way for requests in frames.
 * Requests are encoded and sent by whoever submits or flushes, and replies read by whoever waits.
 *
 * <p>{@code sendLock} guards the backlog, the outbox and the tail of the ring; {@code receiveLock}
 * the inbox, the head of the ring and the end of requests. Who needs both takes them in this order.
 * The link is replaced under both. Neither is held while waiting for anything.
 *
 * <p>Whatever is thrown while frames are made, sent, read or handed out leaves the two sides at
 * odds about what comes next: a request without its frame, a reply without its request. So it makes
 * the link unusable at once, under the lock at hand, and then ends the session. What does not come
 * from the link, such as the end of the Java heap, is thrown on to the caller as well.
 */
public final class Lane implements Piece.Way {
  private static final long WINDOW_BYTES = 4 << 20;

  private final ServerAddress address;
  private final Surroundings surroundings;
  private final Presence presence;
  private final Consumer<Lane> keeper;
  private final ReentrantLock sendLock = new ReentrantLock();
  private final ReentrantLock receiveLock = new ReentrantLock();
  private final Ring ring = new Ring();
  private final Outbox outbox = new Outbox();
  private final Inbox inbox;
  private final Backlog<Request> backlog = new Backlog<>();

  /** What {@link #detach} has found unanswered and not moved to the backlog yet. */
  private final Backlog<Request> unanswered = new Backlog<>();

  /** Threads that wait for a reply without reading themselves. */
  private final AtomicInteger parked = new AtomicInteger();

  /** Null while there is no connection. Written under both locks. */
  private volatile Link link;

  private volatile long session;

  /** Why the link is of no use any more; null while it is of use. */
  private volatile Throwable defect;

  /** Whether something is not given to the system yet. */
  private volatile boolean unsent;

  /** Whether the system did not take all that it was offered last. */
  private volatile boolean blocked;

  private final AtomicBoolean watched = new AtomicBoolean();

  /** Bytes under way: raised by who sends, lowered by who receives. */
  private volatile long bytesSubmitted;

  private volatile long bytesEnded;
  private volatile long lastSentNanos;
  private volatile long lastReceivedNanos;
  private volatile boolean closed;

  /**
   * A lane without a link.
   *
   * @param options where it leads, and what it stands on
   * @param presence whether the server is there
   * @param keeper is told of a lane that needs looking after
   * @param events is told what the server says unasked, under the lane's locks
   */
  Lane(
      SessionOptions options,
      Presence presence,
      Consumer<Lane> keeper,
      Consumer<EventKind> events) {
    this.inbox = new Inbox(ring::peek, this::replied, events);
    this.address = options.server();
    this.surroundings = options.surroundings();
    this.presence = presence;
    this.keeper = keeper;
  }

  /**
   * Takes a request over. It is sent by the next flush, or later if too much is under way.
   *
   * @param request {@link Piece#start started} on this lane
   */
  public void submit(Request request) {
    boolean taken = false;
    Throwable failure = null;
    long ofSession = 0;
    sendLock.lock();
    try {
      ofSession = session;
      if (!closed) {
        taken = true;
        if (isUsable() && backlog.isEmpty() && hasRoom(request)) {
          encode(request);
        } else {
          backlog.add(request);
        }
        unsent = true;
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      defect = e;
    } finally {
      sendLock.unlock();
    }
    if (failure != null) {
      lost(ofSession, failure);
    } else if (!taken) {
      end(request, Refusals.closed());
    }
  }

  private boolean isUsable() {
    return link != null && defect == null;
  }

  /** Ends the session for what went wrong, which is thrown on unless the link is to blame. */
  private void lost(long ofSession, Throwable why) {
    presence.lost(ofSession, why);
    if (why instanceof Error error) {
      throw error;
    }
  }

  private boolean hasRoom(Request request) {
    long underWay = bytesSubmitted - bytesEnded;
    return ring.hasRoom()
        && (underWay == 0 || underWay + request.weight() <= WINDOW_BYTES)
        && outbox.hasRoom(request.frameBytes());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time, under the lock.
  private void encode(Request request) {
    ring.add(request);
    bytesSubmitted += request.weight();
    outbox.add(request);
  }

  /** Sends what can be sent. */
  @Override
  public void flush() {
    if (!unsent) {
      return;
    }
    Throwable failure = null;
    boolean left = false;
    long ofSession = 0;
    sendLock.lock();
    try {
      ofSession = session;
      if (!isUsable()) {
        return;
      }
      left = sendAll();
      blocked = left;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      defect = e;
    } finally {
      sendLock.unlock();
    }
    if (failure != null) {
      lost(ofSession, failure);
    } else if (left) {
      keeper.accept(this);
    }
  }

  /** Whether the system did not take all of it. */
  private boolean sendAll() throws IOException {
    while (true) {
      while (!backlog.isEmpty() && hasRoom(backlog.peek())) {
        encode(backlog.poll());
      }
      if (outbox.isEmpty() && !link.hasUnsent()) {
        // What the window keeps back is sent when replies have come.
        unsent = !backlog.isEmpty();
        return false;
      }
      outbox.sendTo(link);
      lastSentNanos = surroundings.nanoTime();
      if (!outbox.isEmpty() || link.hasUnsent()) {
        return true;
      }
    }
  }

  /** Reads what has come, unless another thread is about it. */
  @Override
  public void receive() {
    if (link != null && receiveLock.tryLock()) {
      receiveLocked();
    }
  }

  @Override
  public void look() {
    flush();
    receive();
  }

  /** None: the server may need this very processor. */
  @Override
  public long spinNanos() {
    return 0;
  }

  /** Reads what has come. */
  void receiveSurely() {
    receiveLock.lock();
    receiveLocked();
  }

  private void receiveLocked() {
    Throwable failure = null;
    long ofSession = session;
    try {
      if (isUsable() && inbox.readFrom(link)) {
        lastReceivedNanos = surroundings.nanoTime();
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      defect = e;
    } finally {
      receiveLock.unlock();
    }
    if (failure != null) {
      lost(ofSession, failure);
    } else if (unsent) {
      flush();
    }
  }

  private void replied(Request request, FrameChecker frame, long subject, ByteBuffer payload)
      throws IOException {
    Replies.Verdict verdict = Replies.judge(request, frame, subject, payload);
    if (verdict == Replies.Verdict.LINK_ENDS) {
      // The request stays in the ring: whether it is sent again is decided with the others.
      throw new LinkFailure(Replies.message(frame, payload));
    }
    ring.remove();
    ended(request);
    request.finish();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time, under the lock.
  private void ended(Request request) {
    bytesEnded += request.weight();
  }

  private void end(Request request, TransportException failure) {
    receiveLock.lock();
    try {
      request.fail(failure);
      request.finish();
    } finally {
      receiveLock.unlock();
    }
  }

  /** Begins to use a link that is connected and attached. */
  void attach(Connector.Attachment attachment, long newSession) {
    lockBoth();
    try {
      outbox.begin(attachment.nextSequence());
      inbox.begin(attachment.checker());
      bytesSubmitted = 0;
      bytesEnded = 0;
      long nowNanos = surroundings.nanoTime();
      lastSentNanos = nowNanos;
      lastReceivedNanos = nowNanos;
      session = newSession;
      defect = null;
      link = attachment.link();
      unsent = !backlog.isEmpty();
    } finally {
      unlockBoth();
    }
  }

  /**
   * Ends the link, if there is one. What was sent and not answered is to be sent again, before
   * anything else, or fails if that might do harm.
   */
  void detach(Throwable cause) {
    lockBoth();
    try {
      Link ended = link;
      if (ended != null) {
        link = null;
        ended.close();
      }
      for (Request request = ring.peek(); request != null; request = ring.peek()) {
        if (!request.isAbandoned() && request.isRepeatable()) {
          ring.remove();
          request.sentBefore = true;
          unanswered.add(request);
        } else {
          if (!request.isAbandoned()) {
            request.fail(uncertain(request, cause));
          }
          ring.remove();
          request.finish();
        }
      }
    } finally {
      backlog.prepend(unanswered);
      unsent = false;
      blocked = false;
      unlockBoth();
    }
  }

  /** The failure of what may have been carried out and must not be sent again. */
  private static ConnectionLostException uncertain(Request request, Throwable why) {
    return new ConnectionLostException(
        request + " may or may not have been carried out (" + Presence.text(why) + ")");
  }

  /** Fails what waits to be sent and fits the condition. */
  void failWaiting(Predicate<Request> which, Function<Request, TransportException> why) {
    lockBoth();
    try {
      backlog.fail(which, why);
    } finally {
      unlockBoth();
    }
  }

  /** A write that is under way can only be stopped by the end of the session. */
  @Override
  public boolean giveUp(Piece whole) {
    lockBoth();
    try {
      if (whole.isOver()) {
        return true;
      }
      boolean write = whole.transfer() != null && whole.transfer().isWrite();
      if (write && link != null && ring.hasPieceOf(whole)) {
        return false;
      }
      whole.abandon();
      inbox.divert(whole);
      whole.endAbandoned(backlog.removePiecesOf(whole));
      return true;
    } finally {
      unlockBoth();
    }
  }

  /** Throws the failure of a request that is over or given up, if it has one. */
  void throwFailure(Request request) {
    receiveLock.lock();
    try {
      if (request.failure() != null) {
        throw request.failure();
      }
    } finally {
      receiveLock.unlock();
    }
  }

  /** No further request is taken; what is left fails. */
  void close(TransportException failure) {
    lockBoth();
    try {
      closed = true;
    } finally {
      unlockBoth();
    }
    detach(failure);
    failWaiting(request -> true, request -> failure);
  }

  /** The keeper reads for the thread that parks. */
  @Override
  public void park() {
    parked.incrementAndGet();
    keeper.accept(this);
  }

  @Override
  public void unpark() {
    parked.decrementAndGet();
  }

  boolean hasParked() {
    return parked.get() > 0;
  }

  /** Why the link must be ended, if whoever found that out could not; null if it need not. */
  Throwable defect() {
    return defect;
  }

  /** Whether the keeper has something to do here besides its rounds. */
  boolean needsKeeper() {
    return isUsable() && (hasParked() || blocked);
  }

  boolean isBlocked() {
    return blocked;
  }

  /** Whether the keeper looks after this lane between its rounds; it alone sets it back. */
  AtomicBoolean watched() {
    return watched;
  }

  /** Whether requests are sent and not answered. */
  boolean isWaiting() {
    return ring.size() > 0;
  }

  long lastSentNanos() {
    return lastSentNanos;
  }

  long lastReceivedNanos() {
    return lastReceivedNanos;
  }

  @Override
  public long nanoTime() {
    return surroundings.nanoTime();
  }

  @Override
  public void pause(long nanos) {
    surroundings.pause(nanos);
  }

  @Override
  public long session() {
    return session;
  }

  /** The channel of the present link, or null. */
  SocketChannel channel() {
    Link current = link;
    return current == null ? null : current.channel();
  }

  private void lockBoth() {
    sendLock.lock();
    boolean locked = false;
    try {
      receiveLock.lock();
      locked = true;
    } finally {
      if (!locked) {
        sendLock.unlock();
      }
    }
  }

  private void unlockBoth() {
    receiveLock.unlock();
    sendLock.unlock();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
