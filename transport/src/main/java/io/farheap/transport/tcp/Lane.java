package io.farheap.transport.tcp;

import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One of the connections to a server, across links that come and go. Requests are encoded and sent
 * by whoever submits or flushes, and replies read by whoever waits.
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
final class Lane implements Inbox.Receiver {
  private static final long WINDOW_BYTES = 4 << 20;

  @SuppressWarnings("StaticAssignmentOfThrowable") // Loaded before it is needed.
  private static final TransportTimeoutException WITHOUT_WORDS =
      TransportTimeoutException.withoutWords();

  private final RemoteServer server;
  private final ReentrantLock sendLock = new ReentrantLock();
  private final ReentrantLock receiveLock = new ReentrantLock();
  private final Ring ring = new Ring();
  private final Outbox outbox = new Outbox();
  private final Inbox inbox = new Inbox(this);
  private final Backlog backlog = new Backlog();

  /** What {@link #detach} has found unanswered and not moved to the backlog yet. */
  private final Backlog unanswered = new Backlog();

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

  Lane(RemoteServer server) {
    this.server = server;
  }

  /** Takes a request over. It is sent by the next flush, or later if too much is under way. */
  void submit(Request request) {
    request.lane = this;
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
      end(request, server.closedFailure());
    }
  }

  private boolean isUsable() {
    return link != null && defect == null;
  }

  /** Ends the session for what went wrong, which is thrown on unless the link is to blame. */
  private void lost(long ofSession, Throwable why) {
    server.linkLost(ofSession, why);
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
  void flush() {
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
      server.keeper().watch(this);
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
      lastSentNanos = System.nanoTime();
      if (!outbox.isEmpty() || link.hasUnsent()) {
        return true;
      }
    }
  }

  /** Reads what has come, unless another thread is about it. */
  void receive() {
    if (link != null && receiveLock.tryLock()) {
      receiveLocked();
    }
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
        lastReceivedNanos = System.nanoTime();
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

  @Override
  public Request next() {
    return ring.peek();
  }

  @Override
  public void replied(Request request, FrameChecker frame, long subject, ByteBuffer payload)
      throws IOException {
    Replies.Verdict verdict = Replies.judge(request, frame, subject, payload);
    if (verdict == Replies.Verdict.LINK_ENDS) {
      // The request stays in the ring: whether it is sent again is decided with the others.
      throw new LinkFailure(Replies.message(frame, payload));
    }
    ring.remove();
    ended(request);
    finish(request);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time, under the lock.
  private void ended(Request request) {
    bytesEnded += request.weight();
  }

  /** Ends a piece, and the whole with its last one. */
  private void finish(Request piece) {
    Request whole = piece.whole;
    if (!piece.isOf(piece)) {
      if (whole.failure == null) {
        whole.failure = piece.failure;
      }
      piece.end();
    }
    if (--whole.piecesLeft == 0) {
      if (whole.transfer != null && !whole.isAbandoned()) {
        server.memory().completed(whole.transfer, whole.failure);
      }
      whole.end();
    }
  }

  private void end(Request request, TransportException failure) {
    receiveLock.lock();
    try {
      request.failure = failure;
      finish(request);
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
      long nowNanos = System.nanoTime();
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
            request.failure = server.uncertainFailure(request, cause);
          }
          ring.remove();
          finish(request);
        }
      }
    } finally {
      backlog.prepend(unanswered);
      unsent = false;
      blocked = false;
      unlockBoth();
    }
  }

  /** Fails what waits to be sent and fits the condition. */
  void failWaiting(Predicate<Request> which, Function<Request, TransportException> why) {
    lockBoth();
    try {
      for (int left = backlog.size(); left > 0; left--) {
        Request request = backlog.peek();
        if (which.test(request)) {
          request.failure = why.apply(request);
          backlog.poll();
          finish(request);
        } else {
          backlog.add(backlog.poll());
        }
      }
    } finally {
      unlockBoth();
    }
  }

  /**
   * Gives up a request with all its pieces, which touch nothing afterwards. Needs no memory until
   * that is so.
   *
   * @return false if a write of it is under way, so that only the end of the link can stop it
   */
  boolean giveUp(Request whole) {
    lockBoth();
    try {
      if (whole.isOver()) {
        return true;
      }
      if (whole.opcode == Opcode.WRITE && link != null && ring.hasPieceOf(whole)) {
        return false;
      }
      whole.abandon();
      inbox.divert(whole);
      whole.piecesLeft -= backlog.removePiecesOf(whole);
      whole.failure = failureOf(whole);
      if (whole.transfer != null && !whole.transfer.isComplete()) {
        whole.transfer.fail(whole.failure);
      }
      if (whole.piecesLeft == 0) {
        whole.end();
      }
      return true;
    } finally {
      unlockBoth();
    }
  }

  private static TransportTimeoutException failureOf(Request givenUp) {
    try {
      return givenUp.givenUp();
    } catch (RuntimeException | Error e) {
      return WITHOUT_WORDS;
    }
  }

  /** Throws the failure of a request that is over or given up, if it has one. */
  void throwFailure(Request request) {
    receiveLock.lock();
    try {
      if (request.failure != null) {
        throw request.failure;
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

  /** Says that a thread waits without reading; the keeper reads for it until {@link #unpark}. */
  void park() {
    parked.incrementAndGet();
    server.keeper().watch(this);
  }

  void unpark() {
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

  long session() {
    return session;
  }

  RemoteServer server() {
    return server;
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
}
