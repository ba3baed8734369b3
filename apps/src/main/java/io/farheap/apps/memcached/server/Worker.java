package io.farheap.apps.memcached.server;

import io.farheap.FarHeapException;
import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.store.DeleteRequest;
import io.farheap.apps.memcached.store.DeltaRequest;
import io.farheap.apps.memcached.store.GetRequest;
import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.ItemKey;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.store.SetRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out requests, those of one client after those of another: all that a thread needs for it
 * is here once, so that a request allocates nothing. An event loop has one for good, and a virtual
 * thread that waits for far memory borrows one.
 */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** What came of a burst. */
  enum Result {
    /** All that was there in full is done. */
    IDLE,
    /** The next command waits for far memory. */
    WAIT,
    /** The client must take its replies first. */
    BLOCKED,
    /** The connection ends. */
    CLOSE
  }

  final ServerShared server;
  final ItemStore store;
  final Reply reply = new Reply();
  final ItemKey key = new ItemKey();
  final ItemInfo info = new ItemInfo();
  final GetRequest get = new GetRequest();
  final SetRequest set = new SetRequest();
  final DeltaRequest delta = new DeltaRequest();
  final DeleteRequest delete = new DeleteRequest();
  final long[] counts = new long[Count.values().length];

  /** Whether the thread may wait for far memory. */
  boolean mayWait;

  private final TextProtocol text;
  private final BinaryProtocol binary;
  private final MissScout scout = new MissScout();

  Worker(ServerShared server) {
    this.server = server;
    this.store = server.store();
    this.text = new TextProtocol(this);
    this.binary = new BinaryProtocol(this);
  }

  void count(Count what) {
    counts[what.place()]++;
  }

  void count(Count what, long howMuch) {
    counts[what.place()] += howMuch;
  }

  /**
   * Carries out what a client has sent, as far as it goes, and hands the replies to its channel.
   *
   * @param in what was received and not carried out; what was done is taken from it
   * @param waits whether this thread may wait for far memory
   */
  Result run(Session session, ByteBuf in, ChannelHandlerContext context, boolean waits) {
    mayWait = waits;
    reply.begin(context);
    boolean done = false;
    try {
      Result result = loop(session, in);
      count(Count.BYTES_WRITTEN, reply.end());
      done = true;
      return result;
    } finally {
      if (!done) {
        reply.discard();
      }
    }
  }

  private Result loop(Session session, ByteBuf in) {
    while (true) {
      swallow(session, in);
      int available = in.readableBytes();
      if (available == 0 || available < session.need) {
        return Result.IDLE;
      }
      if (reply.isBlocked()) {
        return Result.BLOCKED;
      }
      int step = step(session, NativeBytes.readAddress(in), available);
      if (step <= 0) {
        return result(step);
      }
      in.skipBytes(step);
      session.commandDone();
      if (session.closing) {
        swallow(session, in);
        return Result.CLOSE;
      }
    }
  }

  private static void swallow(Session session, ByteBuf in) {
    if (session.swallow > 0) {
      int swallowed = (int) Math.min(session.swallow, in.readableBytes());
      in.skipBytes(swallowed);
      session.swallow -= swallowed;
    }
  }

  private Result result(int step) {
    return switch (step) {
      case Step.MORE -> Result.IDLE;
      case Step.WAIT -> {
        count(Count.FAR_WAITS);
        yield Result.WAIT;
      }
      case Step.BLOCKED -> Result.BLOCKED;
      default -> Result.CLOSE;
    };
  }

  private int step(Session session, long at, int available) {
    if (session.protocol == Session.Protocol.UNKNOWN) {
      byte first = NativeBytes.ALL.get(ValueLayout.JAVA_BYTE, at);
      session.protocol =
          first == BinaryRequest.MAGIC ? Session.Protocol.BINARY : Session.Protocol.TEXT;
    }
    return session.protocol == Session.Protocol.TEXT
        ? text.execute(session, at, available)
        : binary.execute(session, at, available);
  }

  /**
   * What the commands at hand will need and is not local, as far as can be told ahead.
   *
   * @param in what was received and not carried out; nothing is taken from it
   * @return handles of items
   */
  long[] findFar(Session session, ByteBuf in) {
    long at = NativeBytes.readAddress(in);
    return session.protocol == Session.Protocol.BINARY
        ? scout.findBinary(store, at, in.readableBytes())
        : scout.findText(store, at, in.readableBytes(), session.next);
  }

  /** Whether a failure is far memory's, to be told to the client; others are logged. */
  boolean isFarFailure(RuntimeException failure) {
    count(Count.REQUEST_FAILURES);
    if (failure instanceof FarHeapException) {
      LOG.debug("far memory failed", failure);
      return true;
    }
    LOG.error("a request failed", failure);
    return false;
  }
}
