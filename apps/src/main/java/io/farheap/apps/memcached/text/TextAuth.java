package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.protocol.DecimalText;
import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.protocol.TextTokens;
import io.farheap.apps.memcached.work.Count;
import io.farheap.apps.memcached.work.Session;
import io.farheap.apps.memcached.work.Step;
import io.farheap.apps.memcached.work.Workspace;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;

/**
 * How a client of the text protocol says who it is: by a first {@code set} of any key whose value
 * is user and password, with a blank between.
 */
final class TextAuth {
  private static final int MAX_VALUE_BYTES = 1024;
  private static final int MIN_WORDS = 5;

  private final Workspace work;
  private final TextTokens words = new TextTokens();
  private final DecimalText number = new DecimalText();

  TextAuth(Workspace work) {
    this.work = work;
  }

  int execute(Session session, long at, int lineBytes, int available) {
    words.split(NativeMemory.ALL, at, at + lineBytes - 1);
    if (words.count() < MIN_WORDS
        || !words.is(0, "set")
        || !words.readUnsigned(4, 0, number)
        || number.value() < 0
        || number.value() > MAX_VALUE_BYTES) {
      work.reply.line(ReplyLine.UNAUTHENTICATED);
      return lineBytes;
    }
    int valueLength = (int) number.value();
    int total = lineBytes + valueLength + TextRequest.LINE_END_BYTES;
    session.need = total;
    if (available < total) {
      return Step.MORE;
    }
    long valueAt = at + lineBytes;
    if (!LineFinder.isLineEnd(valueAt + valueLength)) {
      work.reply.line(ReplyLine.BAD_AUTH_END);
      return total;
    }
    words.split(NativeMemory.ALL, valueAt, valueAt + valueLength);
    if (words.count() < 2) {
      work.reply.line(ReplyLine.BAD_AUTH_FORMAT);
      return total;
    }
    boolean accepted = work.server.accepts(bytes(0), bytes(1));
    work.count(Count.AUTH_CMDS);
    if (accepted) {
      session.authenticated = true;
      work.reply.line(ReplyLine.STORED);
    } else {
      work.count(Count.AUTH_ERRORS);
      work.reply.line(ReplyLine.AUTH_FAILED);
    }
    return total;
  }

  private byte[] bytes(int index) {
    return NativeMemory.ALL
        .asSlice(words.start(index), words.length(index))
        .toArray(ValueLayout.JAVA_BYTE);
  }
}
