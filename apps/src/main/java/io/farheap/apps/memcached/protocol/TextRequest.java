package io.farheap.apps.memcached.protocol;

import java.lang.foreign.MemorySegment;

/**
 * One line of the text protocol, understood. The object is used again for each line and holds
 * places in the line, no copies of it: it is valid until the line's bytes change.
 *
 * <p>What makes no sense becomes {@link TextVerb#INVALID} with an {@link #error()}. Meta commands
 * are only named here; {@link MetaRequest} reads their flags.
 */
public final class TextRequest {
  /** Longest key in bytes. */
  public static final int MAX_KEY_BYTES = 250;

  /** Bytes behind a value: the end of its line. */
  public static final int LINE_END_BYTES = 2;

  private static final int MAX_VALUE_LENGTH = Integer.MAX_VALUE - LINE_END_BYTES;

  private final TextTokens tokens = new TextTokens();
  private final DecimalText number = new DecimalText();
  private TextVerb verb = TextVerb.INVALID;
  private ReplyLine error = ReplyLine.ERROR;
  private boolean noReply;
  private int flags;
  private int exptime;
  private int valueLength;
  private long amount;

  /** Creates a request that was not read yet. */
  public TextRequest() {}

  /**
   * Reads a line.
   *
   * @param base where it is
   * @param from its first byte
   * @param to the byte after its last, line end not included
   */
  public void read(MemorySegment base, long from, long to) {
    noReply = false;
    error = null;
    tokens.split(base, from, to);
    if (tokens.length(0) < 2) {
      fail(ReplyLine.ERROR);
      return;
    }
    verb = TextVerb.of(tokens);
    int words = tokens.count();
    switch (verb) {
      case GET, GETS, GAT, GATS -> readGet(words);
      case SET, ADD, REPLACE, APPEND, PREPEND -> readStore(words, 5);
      case CAS -> readStore(words, 6);
      case INCR, DECR -> readDelta(words);
      case TOUCH -> readTouch(words);
      case DELETE -> readDelete(words);
      case FLUSH_ALL -> readFlush(words);
      case MG, MS, MD, MA -> {
        if (words < 2) {
          fail(ReplyLine.ERROR);
        }
      }
      case INVALID -> {
        if (tokens.startsWith(words - 1, "HTTP/")) {
          verb = TextVerb.HTTP;
        } else {
          fail(ReplyLine.ERROR);
        }
      }
      default -> {}
    }
  }

  private void readGet(int words) {
    if (words < 2) {
      fail(ReplyLine.ERROR);
    } else if (verb == TextVerb.GAT || verb == TextVerb.GATS) {
      readExptime(1);
    }
  }

  /** Reads {@code VERB KEY FLAGS EXPTIME LENGTH [VERSION] [noreply]}. */
  private void readStore(int words, int least) {
    if (words != least && words != least + 1) {
      fail(ReplyLine.ERROR);
      return;
    }
    noReply = tokens.endsWithNoReply();
    if (tokens.length(1) > MAX_KEY_BYTES || !tokens.readUnsigned(2, 0, number)) {
      fail(ReplyLine.BAD_FORMAT);
      return;
    }
    flags = (int) number.value();
    if (!tokens.readSigned(3, 0, number)) {
      fail(ReplyLine.BAD_FORMAT);
      return;
    }
    exptime = (int) number.value();
    if (!tokens.readSigned(4, 0, number)) {
      fail(ReplyLine.BAD_FORMAT);
      return;
    }
    valueLength = (int) number.value();
    amount = 0;
    if (verb == TextVerb.CAS) {
      if (!tokens.readUnsigned(5, 0, number)) {
        fail(ReplyLine.BAD_FORMAT);
        return;
      }
      amount = number.value();
    }
    if (valueLength < 0 || valueLength > MAX_VALUE_LENGTH) {
      fail(ReplyLine.BAD_FORMAT);
    }
  }

  private void readDelta(int words) {
    if (words != 3 && words != 4) {
      fail(ReplyLine.ERROR);
      return;
    }
    noReply = tokens.endsWithNoReply();
    if (tokens.length(1) > MAX_KEY_BYTES) {
      fail(ReplyLine.BAD_FORMAT);
    } else if (tokens.readUnsigned(2, 0, number)) {
      amount = number.value();
    } else {
      fail(ReplyLine.BAD_DELTA);
    }
  }

  private void readTouch(int words) {
    if (words != 3 && words != 4) {
      fail(ReplyLine.ERROR);
      return;
    }
    noReply = tokens.endsWithNoReply();
    if (tokens.length(1) > MAX_KEY_BYTES) {
      fail(ReplyLine.BAD_FORMAT);
    } else {
      readExptime(2);
    }
  }

  /** Reads {@code delete KEY [0] [noreply]}; the 0 is a relic of a removed feature. */
  private void readDelete(int words) {
    if (words < 2 || words > 4) {
      fail(ReplyLine.ERROR);
      return;
    }
    if (words > 2) {
      boolean zero = tokens.is(2, "0");
      noReply = tokens.endsWithNoReply();
      if (!(words == 3 ? zero || noReply : zero && noReply)) {
        fail(ReplyLine.DELETE_USAGE);
        return;
      }
    }
    if (tokens.length(1) > MAX_KEY_BYTES) {
      fail(ReplyLine.BAD_FORMAT);
    }
  }

  private void readFlush(int words) {
    if (words > 3) {
      fail(ReplyLine.ERROR);
      return;
    }
    noReply = tokens.endsWithNoReply();
    exptime = 0;
    if (words != (noReply ? 2 : 1)) {
      readExptime(1);
    }
  }

  private void readExptime(int index) {
    if (tokens.readSigned(index, 0, number)) {
      exptime = (int) number.value();
    } else {
      fail(ReplyLine.BAD_EXPTIME);
    }
  }

  private void fail(ReplyLine reply) {
    verb = TextVerb.INVALID;
    error = reply;
  }

  /** What is to be done. */
  public TextVerb verb() {
    return verb;
  }

  /** What to reply to {@link TextVerb#INVALID}, unless {@link #isNoReply()}; otherwise null. */
  public ReplyLine error() {
    return error;
  }

  /** Whether the client wants no reply. */
  public boolean isNoReply() {
    return noReply;
  }

  /** The words of the line. */
  public TextTokens tokens() {
    return tokens;
  }

  /** Where the key begins. */
  public long keyAt() {
    return tokens.start(1);
  }

  /** Length of the key in bytes. */
  public int keyLength() {
    return tokens.length(1);
  }

  /** The client's flags. */
  public int flags() {
    return flags;
  }

  /** When the item expires, as the client says it: see {@link Expiry}. */
  public int exptime() {
    return exptime;
  }

  /** Length of the value that follows, without its line end. */
  public int valueLength() {
    return valueLength;
  }

  /** The version that the client knows, or what to add or subtract. */
  public long amount() {
    return amount;
  }
}
