package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.binary.BinaryProtocol;
import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.text.TextProtocol;
import io.farheap.apps.memcached.work.Count;
import io.farheap.apps.memcached.work.ServerShared;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Step;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.ValueLayout;

/**
 * Carries out requests, those of one client after those of another, with a workspace of its own. An
 * event loop has one for good, and a virtual thread that waits for far memory borrows one.
 */
final class Worker {
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

  private final Workspace work;
  private final TextProtocol text;
  private final BinaryProtocol binary;
  private final MissScout scout = new MissScout();

  Worker(ServerShared server) {
    this.work = new Workspace(server);
    this.text = new TextProtocol(work);
    this.binary = new BinaryProtocol(work);
  }

  /** Counts bytes that were received. */
  void countReceived(int bytes) {
    work.count(Count.BYTES_READ, bytes);
  }

  /**
   * Carries out what a client has sent, as far as it goes, and hands the replies to its channel.
   *
   * @param in what was received and not carried out; what was done is taken from it
   * @param waits whether this thread may wait for far memory
   */
  Result run(Session session, ByteBuf in, ChannelHandlerContext context, boolean waits) {
    work.letWait(waits);
    work.reply.begin(context);
    boolean done = false;
    try {
      Result result = loop(session, in);
      work.count(Count.BYTES_WRITTEN, work.reply.end());
      done = true;
      return result;
    } finally {
      if (!done) {
        work.reply.discard();
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
      if (work.reply.isBlocked()) {
        return Result.BLOCKED;
      }
      int step = step(session, readAddress(in), available);
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

  /** Raw address of the next byte. */
  private static long readAddress(ByteBuf in) {
    return in.memoryAddress() + in.readerIndex();
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
        work.count(Count.FAR_WAITS);
        yield Result.WAIT;
      }
      case Step.BLOCKED -> Result.BLOCKED;
      default -> Result.CLOSE;
    };
  }

  private int step(Session session, long at, int available) {
    if (session.protocol == Session.Protocol.UNKNOWN) {
      byte first = NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at);
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
    long at = readAddress(in);
    return session.protocol == Session.Protocol.BINARY
        ? scout.findBinary(work.store, at, in.readableBytes())
        : scout.findText(work.store, at, in.readableBytes(), session.next);
  }
}
