package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.protocol.TextVerb;
import io.farheap.apps.memcached.store.Outcome;
import io.farheap.apps.memcached.store.SetMode;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Step;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;

/** Carries out the text protocol, one command at a time. Meta commands are {@link MetaProtocol}. */
public final class TextProtocol {
  /** A longer line without an end is no command, unless it asks for many keys. */
  private static final int MAX_COMMAND_BYTES = 2048;

  /** Longest line of a request: some ten thousand keys. */
  private static final int MAX_LINE_BYTES = 4 << 20;

  private static final int MAX_LEADING_BLANKS = 100;

  private final Workspace work;
  private final Reply reply;
  private final TextRequest request = new TextRequest();
  private final ValueSink values;
  private final KeyCursor keys = new KeyCursor();
  private final MetaProtocol meta;
  private final TextAuth auth;
  private final AdminCommands admin;

  /** Carries commands out in a workspace, in which nobody else works meanwhile. */
  public TextProtocol(Workspace work) {
    this.work = work;
    this.reply = work.reply;
    this.values = new ValueSink(work.reply, work.key);
    this.meta = new MetaProtocol(work);
    this.auth = new TextAuth(work);
    this.admin = new AdminCommands(work);
  }

  /**
   * Carries a command out.
   *
   * @param at raw address of its first byte
   * @param available how many bytes there are
   * @return how many bytes it took, or one of {@link Step}
   */
  public int execute(Session session, long at, int available) {
    long lineEnd = LineFinder.find(at + session.scanned, at + available);
    if (lineEnd < 0) {
      session.scanned = available;
      return isTooLong(at, available) ? Step.CLOSE : Step.MORE;
    }
    int lineBytes = (int) (lineEnd - at) + 1;
    if (!session.authenticated) {
      return auth.execute(session, at, lineBytes, available);
    }
    long textEnd = lineEnd;
    if (lineEnd - at > 1 && NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, lineEnd - 1) == '\r') {
      textEnd--;
    }
    request.read(NativeMemory.ALL, at, textEnd);
    try {
      return carryOut(session, at, textEnd, lineBytes, available);
    } catch (RuntimeException e) {
      ReplyLine line = work.isFarFailure(e) ? ReplyLine.FAR_FAILED : ReplyLine.FAILED;
      reply.line(line);
      return lineBytes + valueBytes(session, lineBytes, available);
    }
  }

  /** Of a command that failed, how many bytes of a value go with it. */
  private int valueBytes(Session session, int lineBytes, int available) {
    return session.need > lineBytes ? (int) Math.min(session.need, available) - lineBytes : 0;
  }

  private int carryOut(Session session, long at, long textEnd, int lineBytes, int available) {
    TextVerb verb = request.verb();
    switch (verb) {
      case GET, GETS, GAT, GATS -> {
        return get(session, at, textEnd, lineBytes);
      }
      case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> {
        return store(session, at, lineBytes, available);
      }
      case MG, MS, MD, MA, ME -> {
        return meta.execute(session, verb, request.tokens(), at, lineBytes, available);
      }
      case INCR, DECR -> {
        return delta(lineBytes);
      }
      case TOUCH -> {
        return touch(lineBytes);
      }
      case DELETE -> {
        return delete(lineBytes);
      }
      case MN -> reply.line(ReplyLine.MN);
      case QUIT -> session.closing = true;
      case HTTP -> {
        return Step.CLOSE;
      }
      case INVALID -> answer(request.error());
      default -> admin.execute(request);
    }
    return lineBytes;
  }

  private boolean isTooLong(long at, int available) {
    if (available <= MAX_COMMAND_BYTES) {
      return false;
    }
    if (available > MAX_LINE_BYTES) {
      return true;
    }
    int blanks = 0;
    while (blanks <= MAX_LEADING_BLANKS
        && NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at + blanks) == ' ') {
      blanks++;
    }
    return blanks > MAX_LEADING_BLANKS
        || !(begins(at + blanks, "get ") || begins(at + blanks, "gets "));
  }

  private static boolean begins(long at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int get(Session session, long at, long textEnd, int lineBytes) {
    TextVerb verb = request.verb();
    boolean touches = verb == TextVerb.GAT || verb == TextVerb.GATS;
    if (session.next == 0) {
      keys.begin(at, textEnd);
      boolean fit = true;
      for (int i = 0; keys.next(); i++) {
        fit &= i == 0 || keys.length() <= TextRequest.MAX_KEY_BYTES;
      }
      if (!fit) {
        reply.line(ReplyLine.BAD_FORMAT);
        return lineBytes;
      }
    }
    keys.begin(at + session.next, textEnd);
    if (session.next == 0) {
      keys.next();
      if (touches) {
        keys.next();
      }
    }
    work.get.plain();
    if (touches) {
      work.get.expireAt(Expiry.at(request.exptime(), work.server.nowSeconds())).countTouch();
    }
    values.showVersion(verb == TextVerb.GETS || verb == TextVerb.GATS);
    while (keys.next()) {
      if (reply.isBlocked()) {
        session.next = (int) (keys.start() - at);
        return Step.BLOCKED;
      }
      work.key.at(NativeMemory.ALL, keys.start(), keys.length());
      Outcome outcome = work.runGet(values);
      if (outcome == Outcome.WOULD_WAIT) {
        session.next = (int) (keys.start() - at);
        return Step.WAIT;
      }
    }
    reply.line(ReplyLine.END);
    return lineBytes;
  }

  private int store(Session session, long at, int lineBytes, int available) {
    int valueLength = request.valueLength();
    if (valueLength > work.server.maxItemBytes()) {
      return refuseLarge(session, lineBytes);
    }
    int total = lineBytes + valueLength + TextRequest.LINE_END_BYTES;
    session.need = total;
    if (available < total) {
      return Step.MORE;
    }
    long valueAt = at + lineBytes;
    if (!LineFinder.isLineEnd(valueAt + valueLength)) {
      answer(ReplyLine.BAD_CHUNK);
      return total;
    }
    work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
    work.set.set(
        NativeMemory.ALL,
        valueAt,
        valueLength,
        request.flags(),
        Expiry.at(request.exptime(), work.server.nowSeconds()));
    work.set.mode(mode(request.verb()));
    if (request.verb() == TextVerb.CAS) {
      work.set.casRequired(request.amount());
    }
    Outcome outcome = work.runSet();
    if (outcome == Outcome.WOULD_WAIT) {
      return Step.WAIT;
    }
    answer(storeReply(outcome));
    return total;
  }

  /** The value is too large whatever the rest; what is stored under a key to be set is stale. */
  private int refuseLarge(Session session, int lineBytes) {
    if (request.verb() == TextVerb.SET) {
      work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
      work.delete.plain();
      Outcome outcome = work.runDelete();
      if (outcome == Outcome.WOULD_WAIT) {
        return Step.WAIT;
      }
    }
    session.swallow = (long) request.valueLength() + TextRequest.LINE_END_BYTES;
    answer(ReplyLine.TOO_LARGE);
    return lineBytes;
  }

  private static SetMode mode(TextVerb verb) {
    return switch (verb) {
      case ADD -> SetMode.ADD;
      case REPLACE -> SetMode.REPLACE;
      case APPEND -> SetMode.APPEND;
      case PREPEND -> SetMode.PREPEND;
      default -> SetMode.SET;
    };
  }

  private static ReplyLine storeReply(Outcome outcome) {
    return switch (outcome) {
      case STORED -> ReplyLine.STORED;
      case NOT_STORED -> ReplyLine.NOT_STORED;
      case EXISTS -> ReplyLine.EXISTS;
      case MISS -> ReplyLine.NOT_FOUND;
      case TOO_LARGE -> ReplyLine.TOO_LARGE;
      case UNAVAILABLE -> ReplyLine.FAR_FAILED;
      default -> ReplyLine.NO_MEMORY;
    };
  }

  private int delta(int lineBytes) {
    work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
    if (request.verb() == TextVerb.INCR) {
      work.delta.incr(request.amount());
    } else {
      work.delta.decr(request.amount());
    }
    Outcome outcome = work.runDelta();
    switch (outcome) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> {
        if (!request.isNoReply()) {
          reply.reserve(Reply.MAX_NUMBER_LINE_BYTES);
          reply.putDecimal(work.info.number());
          reply.putLineEnd();
        }
      }
      case MISS -> answer(ReplyLine.NOT_FOUND);
      case NOT_A_NUMBER -> answer(ReplyLine.NON_NUMERIC);
      case UNAVAILABLE -> answer(ReplyLine.FAR_FAILED);
      default -> answer(ReplyLine.NO_MEMORY_DELTA);
    }
    return lineBytes;
  }

  private int touch(int lineBytes) {
    work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
    work.get.plain().expireAt(Expiry.at(request.exptime(), work.server.nowSeconds())).countTouch();
    return answer(work.runGet(null), ReplyLine.TOUCHED, lineBytes);
  }

  private int delete(int lineBytes) {
    work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
    work.delete.plain();
    return answer(work.runDelete(), ReplyLine.DELETED, lineBytes);
  }

  private int answer(Outcome outcome, ReplyLine hit, int lineBytes) {
    switch (outcome) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> answer(hit);
      case MISS -> answer(ReplyLine.NOT_FOUND);
      case UNAVAILABLE -> answer(ReplyLine.FAR_FAILED);
      default -> answer(ReplyLine.NO_MEMORY);
    }
    return lineBytes;
  }

  private void answer(ReplyLine line) {
    if (!request.isNoReply()) {
      reply.line(line);
    }
  }
}
