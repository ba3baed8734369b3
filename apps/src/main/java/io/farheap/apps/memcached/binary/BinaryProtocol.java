package io.farheap.apps.memcached.binary;

import io.farheap.apps.memcached.protocol.BinaryOpcode;
import io.farheap.apps.memcached.protocol.BinaryRequest;
import io.farheap.apps.memcached.protocol.BinaryStatus;
import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.store.Outcome;
import io.farheap.apps.memcached.store.SetMode;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Stats;
import io.farheap.apps.memcached.work.Step;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Carries out the binary protocol, one request at a time. */
public final class BinaryProtocol {
  private static final int EXPIRY_AT = 4;
  private static final int INITIAL_AT = 8;
  private static final int DELTA_EXPIRY_AT = 16;
  private static final int DO_NOT_CREATE = -1;

  private final Workspace work;
  private final BinaryRequest request = new BinaryRequest();
  private final BinaryReply replies;
  private final BinarySasl sasl;

  /** Carries requests out in a workspace, in which nobody else works meanwhile. */
  public BinaryProtocol(Workspace work) {
    this.work = work;
    this.replies = new BinaryReply(work, request);
    this.sasl = new BinarySasl(work, request, replies);
  }

  /**
   * Carries a request out.
   *
   * @param at raw address of its first byte
   * @param available how many bytes there are
   * @return how many bytes it took, or one of {@link Step}
   */
  public int execute(Session session, long at, int available) {
    if (available < BinaryRequest.HEAD_BYTES) {
      return NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at) == BinaryRequest.MAGIC
          ? Step.MORE
          : Step.CLOSE;
    }
    if (!request.read(NativeMemory.ALL, at)) {
      return Step.CLOSE;
    }
    if (!request.fits()) {
      return end(session, BinaryStatus.UNKNOWN_COMMAND);
    }
    if (!session.authenticated && !BinarySasl.isOpen(request.opcode())) {
      return end(session, BinaryStatus.AUTH_ERROR);
    }
    if (!request.isWellFormed()) {
      return end(session, BinaryStatus.INVALID);
    }
    if (request.opcode() == BinaryOpcode.UNKNOWN) {
      return refuse(session, BinaryStatus.UNKNOWN_COMMAND);
    }
    int prefix = BinaryRequest.HEAD_BYTES + request.extrasLength() + request.keyLength();
    if (available < prefix) {
      session.need = prefix;
      return Step.MORE;
    }
    if (request.valueLength() > work.server.maxItemBytes()) {
      return refuseLarge(session);
    }
    int total = (int) (BinaryRequest.HEAD_BYTES + request.bodyLength());
    if (available < total) {
      session.need = total;
      return Step.MORE;
    }
    try {
      int step = carryOut(session);
      return step == Step.WAIT ? step : total;
    } catch (RuntimeException e) {
      replies.fail(work.isFarFailure(e) ? BinaryStatus.FAR_FAILED : BinaryStatus.INTERNAL);
      return total;
    }
  }

  /** Says what is wrong and ends the connection. */
  private int end(Session session, BinaryStatus status) {
    replies.fail(status);
    session.closing = true;
    return BinaryRequest.HEAD_BYTES;
  }

  /** Says what is wrong and does not look at the rest of the request. */
  private int refuse(Session session, BinaryStatus status) {
    replies.fail(status);
    session.swallow = request.bodyLength();
    return BinaryRequest.HEAD_BYTES;
  }

  private int refuseLarge(Session session) {
    if (request.opcode() == BinaryOpcode.SET) {
      useKey();
      work.delete.plain();
      Outcome outcome = work.runDelete();
      if (outcome == Outcome.WOULD_WAIT) {
        return Step.WAIT;
      }
    }
    return refuse(session, BinaryStatus.TOO_LARGE);
  }

  private int carryOut(Session session) {
    switch (request.opcode()) {
      case GET, GETK, GAT, GATK, TOUCH -> {
        return get();
      }
      case SET, ADD, REPLACE, APPEND, PREPEND -> {
        return store();
      }
      case INCREMENT, DECREMENT -> {
        return delta();
      }
      case DELETE -> {
        return delete();
      }
      case FLUSH -> flush();
      case NOOP -> replies.done(0);
      case VERSION -> replies.text(Stats.VERSION);
      case STAT -> stats();
      case VERBOSITY -> {
        work.server.stats().setVerbosity(Math.clamp(request.extrasInt(0), 0, 2));
        replies.done(0);
      }
      case QUIT -> {
        replies.done(0);
        session.closing = true;
      }
      case SASL_LIST_MECHS, SASL_AUTH, SASL_STEP -> sasl.execute(session);
      case UNKNOWN -> replies.fail(BinaryStatus.UNKNOWN_COMMAND);
    }
    return Step.MORE;
  }

  private void useKey() {
    work.key.at(NativeMemory.ALL, request.keyAt(), request.keyLength());
  }

  /** A time of the binary protocol is unsigned. */
  private long expiry(int offset) {
    long exptime = Integer.toUnsignedLong(request.extrasInt(offset));
    return Expiry.at(exptime, work.server.nowSeconds());
  }

  private int get() {
    BinaryOpcode opcode = request.opcode();
    boolean withKey = opcode == BinaryOpcode.GETK || opcode == BinaryOpcode.GATK;
    useKey();
    work.get.plain();
    if (opcode != BinaryOpcode.GET && opcode != BinaryOpcode.GETK) {
      work.get.expireAt(expiry(0)).countTouch();
    }
    replies.show(withKey, opcode != BinaryOpcode.TOUCH);
    switch (work.runGet(replies)) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> {}
      default -> {
        if (!request.isQuiet()) {
          miss(withKey);
        }
      }
    }
    return Step.MORE;
  }

  private void miss(boolean withKey) {
    if (withKey) {
      replies.missWithKey();
    } else {
      replies.fail(BinaryStatus.NOT_FOUND);
    }
  }

  private int store() {
    SetMode mode =
        switch (request.opcode()) {
          case ADD -> SetMode.ADD;
          case REPLACE -> SetMode.REPLACE;
          case APPEND -> SetMode.APPEND;
          case PREPEND -> SetMode.PREPEND;
          default -> SetMode.SET;
        };
    boolean extending = mode == SetMode.APPEND || mode == SetMode.PREPEND;
    useKey();
    work.set
        .set(
            NativeMemory.ALL,
            request.valueAt(),
            (int) request.valueLength(),
            extending ? 0 : request.extrasInt(0),
            extending ? Expiry.NEVER : expiry(EXPIRY_AT))
        // Any store with a version is conditional on it alone.
        .mode(request.cas() != 0 && !extending ? SetMode.SET : mode)
        .cas(request.cas());
    switch (work.runSet()) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case STORED -> replies.done(work.info.cas());
      case EXISTS -> replies.fail(BinaryStatus.EXISTS);
      case MISS -> replies.fail(extending ? BinaryStatus.NOT_STORED : BinaryStatus.NOT_FOUND);
      case NOT_STORED -> replies.fail(notStored(mode));
      case TOO_LARGE -> replies.fail(BinaryStatus.TOO_LARGE);
      case UNAVAILABLE -> replies.fail(BinaryStatus.FAR_FAILED);
      default -> replies.fail(BinaryStatus.NO_MEMORY);
    }
    return Step.MORE;
  }

  private static BinaryStatus notStored(SetMode mode) {
    return switch (mode) {
      case ADD -> BinaryStatus.EXISTS;
      case REPLACE -> BinaryStatus.NOT_FOUND;
      default -> BinaryStatus.NOT_STORED;
    };
  }

  private int delta() {
    useKey();
    if (request.opcode() == BinaryOpcode.INCREMENT) {
      work.delta.incr(request.extrasLong(0));
    } else {
      work.delta.decr(request.extrasLong(0));
    }
    work.delta.cas(request.cas());
    if (request.extrasInt(DELTA_EXPIRY_AT) != DO_NOT_CREATE) {
      work.delta.vivify(request.extrasLong(INITIAL_AT), expiry(DELTA_EXPIRY_AT), false);
    }
    switch (work.runDelta()) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> replies.number(work.info.number(), work.info.cas());
      case MISS -> replies.fail(BinaryStatus.NOT_FOUND);
      case EXISTS -> replies.fail(BinaryStatus.EXISTS);
      case NOT_A_NUMBER -> replies.fail(BinaryStatus.NON_NUMERIC);
      case UNAVAILABLE -> replies.fail(BinaryStatus.FAR_FAILED);
      default -> replies.fail(BinaryStatus.NO_MEMORY);
    }
    return Step.MORE;
  }

  private int delete() {
    useKey();
    work.delete.plain().cas(request.cas());
    switch (work.runDelete()) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> replies.done(0);
      case EXISTS -> replies.fail(BinaryStatus.EXISTS);
      case UNAVAILABLE -> replies.fail(BinaryStatus.FAR_FAILED);
      default -> replies.fail(BinaryStatus.NOT_FOUND);
    }
    return Step.MORE;
  }

  private void flush() {
    if (!work.server.mayFlush()) {
      replies.fail(BinaryStatus.AUTH_ERROR);
      return;
    }
    long delay = request.extrasLength() == 0 ? 0 : Integer.toUnsignedLong(request.extrasInt(0));
    long now = work.server.nowSeconds();
    work.store.flushAll(delay == 0 ? now : Expiry.at(delay, now));
    replies.done(0);
  }

  private void stats() {
    String name =
        new String(
            NativeMemory.ALL
                .asSlice(request.keyAt(), request.keyLength())
                .toArray(ValueLayout.JAVA_BYTE),
            StandardCharsets.US_ASCII);
    Stats stats = work.server.stats();
    Map<String, String> figures;
    if (name.isEmpty()) {
      figures = stats.general();
    } else if (name.startsWith("reset")) {
      stats.reset();
      figures = Map.of();
    } else if (name.equals("detail on") || name.equals("detail off")) {
      figures = Map.of();
    } else {
      figures = stats.group(name);
    }
    if (figures == null) {
      replies.fail(BinaryStatus.NOT_FOUND);
    } else {
      figures.forEach(replies::figure);
      replies.lastFigure();
    }
  }
}
