package io.farheap.apps.memcached.server;

import io.farheap.FarHeapException;
import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out requests, those of one client after those of another: all that a thread needs for it
 * is here once, so that a request allocates nothing. An event loop has one for good, and a virtual
 * thread that waits for far memory borrows one.
 */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int MAX_AHEAD = 256;

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
  final ItemCache cache;
  final Reply reply = new Reply();
  final ItemKey key = new ItemKey();
  final ItemWrite write = new ItemWrite();
  final ItemDelta delta = new ItemDelta();
  final long[] counts = new long[Count.values().length];

  private final TextProtocol text;
  private final BinaryProtocol binary;
  private final MissScout scout = new MissScout(MAX_AHEAD);

  /** Whether the thread may wait for far memory. */
  boolean mayWait;

  Worker(ServerShared server) {
    this.server = server;
    this.cache = server.cache();
    this.text = new TextProtocol(this);
    this.binary = new BinaryProtocol(this);
  }

  void count(Count what) {
    counts[what.ordinal()]++;
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
      counts[Count.BYTES_WRITTEN.ordinal()] += reply.end();
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
      if (session.swallow > 0) {
        int swallowed = (int) Math.min(session.swallow, in.readableBytes());
        in.skipBytes(swallowed);
        session.swallow -= swallowed;
      }
      int available = in.readableBytes();
      if (available == 0 || available < session.need) {
        return Result.IDLE;
      }
      if (reply.isBlocked()) {
        return Result.BLOCKED;
      }
      int step = step(session, NativeBytes.readAddress(in), available);
      if (step > 0) {
        in.skipBytes(step);
        session.commandDone();
        if (session.closing) {
          return Result.CLOSE;
        }
      } else {
        switch (step) {
          case Step.MORE -> {
            return Result.IDLE;
          }
          case Step.WAIT -> {
            count(Count.FAR_WAITS);
            return Result.WAIT;
          }
          case Step.BLOCKED -> {
            return Result.BLOCKED;
          }
          default -> {
            return Result.CLOSE;
          }
        }
      }
    }
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
   * Brings in what the commands at hand will read, in one round trip. Waits.
   *
   * @param in what was received and not carried out; nothing is taken from it
   */
  void fetchAhead(Session session, ByteBuf in) {
    List<ItemKey> wanted = new ArrayList<>();
    long at = NativeBytes.readAddress(in);
    if (session.protocol == Session.Protocol.BINARY) {
      scout.findBinary(at, in.readableBytes(), wanted);
    } else {
      scout.findText(at, in.readableBytes(), session.next, wanted);
    }
    if (wanted.size() > 1) {
      cache.fetchAll(wanted);
    }
  }

  /** Whether a failure is far memory's, to be told to the client; others are logged too. */
  boolean isFarFailure(RuntimeException failure) {
    count(Count.FAR_ERRORS);
    if (failure instanceof FarHeapException) {
      LOG.debug("far memory failed", failure);
      return true;
    }
    LOG.error("a request failed", failure);
    return false;
  }

  /** Whether a value with a key of any length can be kept. */
  boolean fits(long valueLength) {
    return valueLength <= cache.maxValueBytes();
  }

  /** Longest line that is no value: keys of one request. */
  static int maxLineBytes() {
    return ServerShared.MAX_LINE_BYTES;
  }

  /** Bytes to keep for a key in a reply. */
  static int maxKeyBytes() {
    return TextRequest.MAX_KEY_BYTES;
  }
}
