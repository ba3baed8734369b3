package io.farheap.transport.tcp;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One request to a server and its reply: a piece of a transfer, or anything else that is asked.
 *
 * <pre>
 *                  ┌──── link lost, may be sent again ────┐
 *                  ▼                                      │
 *   (new) ──► IN BACKLOG ──encoded──► IN RING ──reply──► over: done, failed
 *                  └──────────── given up ───────────────► over
 * </pre>
 *
 * <p>Whoever ends a request holds the lane's lock for receiving. An abandoned request keeps its
 * place in the ring, since its reply still comes, but touches nothing any more.
 */
class Request {
  private static final byte[] NOTHING = new byte[0];

  // The local range of a transfer was checked when it was submitted.
  private static final MemorySegment ALL = NativeMemory.ALL;

  final Opcode opcode;

  /** The transfer of which this is a piece, or null. */
  final Transfer transfer;

  /** What counts the pieces of a transfer that needs several; this object itself if it is one. */
  final Request whole;

  /** What is sent besides the header, unless it is the local memory of a transfer. */
  final byte[] payload;

  /** The slab, or null if it concerns none. */
  RemoteSlab slab;

  long subject;
  int offset;
  int lengthBytes;
  long rawAddress;
  long submittedNanos;
  Lane lane;

  /** The number under which it was sent last; its reply bears the same. */
  int sequence;

  /** The next one in the {@link Backlog} that holds this. */
  Request next;

  /** Whether an earlier sending may have been carried out. */
  boolean sentBefore;

  /** Pieces that are not over yet, and the first failure of one; of the whole only. */
  int piecesLeft = 1;

  TransportException failure;
  long replySubject;
  byte[] replyPayload;
  private Consumer<Request> onReply;
  private volatile boolean over;
  private volatile boolean abandoned;
  private volatile Thread waiter;

  /** A piece of a transfer; the whole of it if {@code whole} is null. */
  Request(Transfer transfer, Request whole) {
    this.opcode = transfer.isWrite() ? Opcode.WRITE : Opcode.READ;
    this.transfer = transfer;
    this.whole = whole == null ? this : whole;
    this.payload = null;
  }

  /** Anything that is neither a read nor a write. */
  Request(Opcode opcode, long subject, byte[] payload) {
    this.opcode = opcode;
    this.transfer = null;
    this.whole = this;
    this.payload = payload;
    this.subject = subject;
  }

  /** Whether this is a piece of that whole, or the whole itself. */
  @SuppressWarnings("ReferenceEquality") // Each request is one of its own.
  boolean isOf(Request other) {
    return whole == other;
  }

  /** Whether it is over, was the only piece, and nobody looks at it any more. */
  boolean isReusable() {
    return over && !abandoned && piecesLeft == 0 && slab != null;
  }

  /** Prepares the object for a further use; it is over, and no lane knows it any more. */
  void reset() {
    piecesLeft = 1;
    failure = null;
    sentBefore = false;
    waiter = null;
    over = false;
  }

  int frameBytes() {
    return FrameLayout.HEADER_BYTES + payloadBytes();
  }

  int payloadBytes() {
    if (transfer == null) {
      return payload.length;
    }
    return opcode == Opcode.WRITE ? lengthBytes : 0;
  }

  /** Bytes that it has under way, one direction or the other. */
  int weight() {
    return FrameLayout.HEADER_BYTES + (transfer == null ? payload.length : lengthBytes);
  }

  /** Puts what is sent besides the header to its place. */
  void putPayload(ByteBuffer frames, int at) {
    if (payload != null) {
      frames.put(at, payload);
    } else if (payloadBytes() > 0) {
      frames.put(at, local(), 0, lengthBytes);
    }
  }

  /** Takes the content of its reply over; of a read, whose length is right, unless abandoned. */
  void take(long ofSubject, ByteBuffer content) {
    if (transfer == null) {
      replySubject = ofSubject;
      replyPayload = content.hasRemaining() ? bytes(content) : NOTHING;
    } else if (content != null && opcode == Opcode.READ && !isAbandoned()) {
      local().put(0, content, content.position(), lengthBytes);
    }
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] copy = new byte[content.remaining()];
    content.get(content.position(), copy);
    return copy;
  }

  /** The local memory of a piece of a transfer. */
  ByteBuffer local() {
    return ALL.asSlice(rawAddress, lengthBytes).asByteBuffer();
  }

  /** Whether sending it a second time does no harm. */
  boolean isRepeatable() {
    return opcode != Opcode.CALL && opcode != Opcode.GOODBYE;
  }

  /** Why it failed, now that it is given up. */
  TransportTimeoutException givenUp() {
    if (transfer != null) {
      return TransportTimeoutException.fenced(transfer);
    }
    return new TransportTimeoutException(
        opcode
            + " was not answered by "
            + lane.server().address()
            + " within "
            + (System.nanoTime() - submittedNanos)
            + " ns");
  }

  boolean isAbandoned() {
    return whole.abandoned;
  }

  void abandon() {
    abandoned = true;
  }

  boolean isOver() {
    return over;
  }

  /** Names the thread that is to be woken when this is over; null for none. */
  void waiter(Thread thread) {
    waiter = thread;
  }

  /** Names what is to be done with the reply, on whichever thread reads it. */
  void onReply(Consumer<Request> action) {
    onReply = action;
  }

  /** Marks it as over and wakes who waits; the last thing that is done with it. */
  void end() {
    if (onReply != null) {
      onReply.accept(this);
    }
    over = true;
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
