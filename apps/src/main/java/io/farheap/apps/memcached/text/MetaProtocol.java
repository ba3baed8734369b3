package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.protocol.MetaRequest;
import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.protocol.TextTokens;
import io.farheap.apps.memcached.protocol.TextVerb;
import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.Outcome;
import io.farheap.apps.memcached.store.SetMode;
import io.farheap.apps.memcached.work.Count;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Step;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;

/** Carries out the meta commands {@code mg}, {@code ms}, {@code md}, {@code ma}, {@code me}. */
final class MetaProtocol {
  private final Workspace work;
  private final Reply reply;
  private final MetaRequest request = new MetaRequest();
  private final MetaReply replies;

  MetaProtocol(Workspace work) {
    this.work = work;
    this.reply = work.reply;
    this.replies = new MetaReply(work, request);
  }

  /**
   * Carries a command out.
   *
   * @param tokens the words of its line
   * @param at raw address of the line
   * @return how many bytes it took, or one of {@link Step}
   */
  int execute(
      Session session, TextVerb verb, TextTokens tokens, long at, int lineBytes, int available) {
    if (verb == TextVerb.ME) {
      return describe(tokens, lineBytes);
    }
    ReplyLine error = request.read(verb, tokens);
    if (error != null) {
      return refuse(session, error, lineBytes);
    }
    if (verb == TextVerb.MS && request.valueLength() > work.server.maxItemBytes()) {
      return refuseLarge(session, lineBytes);
    }
    work.key.at(request.keyBase(), request.keyAt(), request.keyLength());
    return switch (verb) {
      case MG -> get(lineBytes);
      case MS -> store(session, at, lineBytes, available);
      case MD -> delete(lineBytes);
      default -> delta(lineBytes);
    };
  }

  /** Tells an error; a value that follows is not looked at, as far as its length is known. */
  private int refuse(Session session, ReplyLine error, int lineBytes) {
    if (request.valueLength() >= 0) {
      session.swallow = (long) request.valueLength() + TextRequest.LINE_END_BYTES;
    }
    reply.line(error);
    return lineBytes;
  }

  private int refuseLarge(Session session, int lineBytes) {
    work.key.at(request.keyBase(), request.keyAt(), request.keyLength());
    work.delete.plain();
    Outcome outcome = work.runDelete();
    return outcome == Outcome.WOULD_WAIT
        ? Step.WAIT
        : refuse(session, ReplyLine.TOO_LARGE, lineBytes);
  }

  private int get(int lineBytes) {
    work.get.plain().takeToken();
    if (request.has('u')) {
      work.get.noBump();
    }
    if (request.has('T')) {
      work.get.expireAt(work.server.expiry(request.exptime())).countTouch();
    }
    if (request.has('N')) {
      work.get.vivify(work.server.expiry(request.vivifyExptime()), request.has('b'));
    }
    if (request.has('R')) {
      long moment = work.server.expiry(request.recacheExptime());
      work.get.recacheBelow(Math.max(0, moment - work.server.nowSeconds()));
    }
    switch (work.runGet(replies)) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> {}
      default -> {
        if (!request.has('q')) {
          replies.withoutItem('E', 'N');
        }
      }
    }
    return lineBytes;
  }

  private int store(Session session, long at, int lineBytes, int available) {
    int total = lineBytes + request.valueLength() + TextRequest.LINE_END_BYTES;
    session.need = total;
    if (available < total) {
      return Step.MORE;
    }
    long valueAt = at + lineBytes;
    if (!LineFinder.isLineEnd(valueAt + request.valueLength())) {
      reply.line(ReplyLine.BAD_CHUNK);
      return total;
    }
    SetMode mode = mode(request.mode());
    work.set
        .set(
            NativeMemory.ALL,
            valueAt,
            request.valueLength(),
            request.clientFlags(),
            work.server.expiry(request.exptime()))
        .mode(mode)
        .newCas(request.casGiven())
        .cas(request.casWanted());
    boolean grows = mode == SetMode.APPEND || mode == SetMode.PREPEND;
    if (grows && request.has('N')) {
      work.set.vivify(work.server.expiry(request.vivifyExptime()));
    }
    if (request.has('b')) {
      work.set.binaryKey();
    }
    if (request.has('I') && request.has('C') && (mode == SetMode.SET || mode == SetMode.REPLACE)) {
      work.set.invalidate();
    }
    Outcome outcome = work.runSet();
    return answerStore(outcome, total);
  }

  private int answerStore(Outcome outcome, int total) {
    switch (outcome) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case STORED -> {
        if (!request.has('q')) {
          replies.stored('H', 'D', work.info.cas());
        }
      }
      case NOT_STORED -> replies.stored('N', 'S', 0);
      case EXISTS -> replies.stored('E', 'X', 0);
      case MISS -> replies.stored('N', 'F', 0);
      case TOO_LARGE -> reply.line(ReplyLine.TOO_LARGE);
      case UNAVAILABLE -> reply.line(ReplyLine.FAR_FAILED);
      default -> reply.line(ReplyLine.NO_MEMORY);
    }
    return total;
  }

  private static SetMode mode(char letter) {
    return switch (letter) {
      case 'E' -> SetMode.ADD;
      case 'A' -> SetMode.APPEND;
      case 'P' -> SetMode.PREPEND;
      case 'R' -> SetMode.REPLACE;
      default -> SetMode.SET;
    };
  }

  private int delete(int lineBytes) {
    work.delete.plain().cas(request.casWanted()).newCas(request.casGiven());
    if (request.has('I')) {
      work.delete.invalidate();
      if (request.has('T')) {
        work.delete.expireAt(work.server.expiry(request.exptime()));
      }
    }
    if (request.has('x')) {
      work.delete.dropValue();
    }
    switch (work.runDelete()) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> {
        if (!request.has('q')) {
          replies.withoutItem('H', 'D');
        }
      }
      case MISS -> replies.withoutItem('N', 'F');
      case EXISTS -> replies.withoutItem('E', 'X');
      case UNAVAILABLE -> reply.line(ReplyLine.FAR_FAILED);
      default -> reply.line(ReplyLine.NO_MEMORY);
    }
    return lineBytes;
  }

  private int delta(int lineBytes) {
    char mode = request.mode();
    if (mode == 'D' || mode == '-') {
      work.delta.decr(request.delta());
    } else {
      work.delta.incr(request.delta());
    }
    work.delta.cas(request.casWanted()).newCas(request.casGiven());
    if (request.has('N')) {
      long expiry = work.server.expiry(request.vivifyExptime());
      work.delta.vivify(request.initial(), expiry, request.has('b'));
    }
    if (request.has('T')) {
      work.delta.expireAt(work.server.expiry(request.exptime()));
    }
    switch (work.runDelta()) {
      case WOULD_WAIT -> {
        return Step.WAIT;
      }
      case HIT -> {
        ItemInfo info = work.info;
        if (!request.has('q') || info.created()) {
          replies.counted(info, info.expirySeconds());
        }
      }
      case MISS -> replies.withoutItem('N', 'F');
      case EXISTS -> replies.withoutItem('E', 'X');
      case NOT_A_NUMBER -> reply.line(ReplyLine.NON_NUMERIC);
      case UNAVAILABLE -> reply.line(ReplyLine.FAR_FAILED);
      default -> reply.line(ReplyLine.NO_MEMORY_DELTA);
    }
    return lineBytes;
  }

  private int describe(TextTokens tokens, int lineBytes) {
    if (tokens.count() < 2 || !request.readKey(tokens)) {
      reply.line(ReplyLine.BAD_FORMAT);
      return lineBytes;
    }
    work.key.at(request.keyBase(), request.keyAt(), request.keyLength());
    work.get.plain().noBump();
    Outcome outcome = work.runGet(null);
    if (outcome == Outcome.WOULD_WAIT) {
      return Step.WAIT;
    }
    work.count(Count.CMD_META);
    if (outcome == Outcome.HIT) {
      replies.described(work.info);
    } else {
      reply.line(ReplyLine.EN);
    }
    return lineBytes;
  }
}
