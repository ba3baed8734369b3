package io.farheap.apps.memcached.protocol;

import java.util.Locale;

/** The commands of the text protocol, meta commands included. */
public enum TextVerb {
  /** Values of keys. */
  GET,
  /** Values of keys, with their versions. */
  GETS,
  /** Values of keys, which expire at another time from then on. */
  GAT,
  /** As {@link #GAT}, with versions. */
  GATS,
  /** Store. */
  SET,
  /** Store what is not there. */
  ADD,
  /** Store what is there. */
  REPLACE,
  /** Store behind the value that is there. */
  APPEND,
  /** Store before the value that is there. */
  PREPEND,
  /** Store if nobody else has. */
  CAS,
  /** Add to a number. */
  INCR,
  /** Subtract from a number. */
  DECR,
  /** Let expire at another time. */
  TOUCH,
  /** Delete. */
  DELETE,
  /** Forget all items. */
  FLUSH_ALL,
  /** Show figures. */
  STATS,
  /** Show the version. */
  VERSION,
  /** End the connection. */
  QUIT,
  /** How much is logged. */
  VERBOSITY,
  /** End the server. */
  SHUTDOWN,
  /** How much memory is used. */
  CACHE_MEMLIMIT,
  /** How items age. */
  LRU,
  /** How memory moves between classes of sizes. */
  SLABS,
  /** How expired items are looked for. */
  LRU_CRAWLER,
  /** Show what happens. */
  WATCH,
  /** Meta: get. */
  MG,
  /** Meta: store. */
  MS,
  /** Meta: delete. */
  MD,
  /** Meta: add or subtract. */
  MA,
  /** Meta: nothing. */
  MN,
  /** Meta: show what is known of an item. */
  ME,
  /** A command that makes no sense; the request says what to reply. */
  INVALID,
  /** What a web browser says; the connection ends. */
  HTTP;

  private static final long PACKED_GET = TextTokens.pack("get");
  private static final long PACKED_MG = TextTokens.pack("mg");
  private static final long PACKED_SET = TextTokens.pack("set");

  private static final TextVerb[] SPOKEN =
      java.util.Arrays.stream(values())
          .filter(verb -> verb.compareTo(INVALID) < 0)
          .toArray(TextVerb[]::new);

  private final String word = name().toLowerCase(Locale.ROOT);
  private final long packed = word.length() <= Long.BYTES ? TextTokens.pack(word) : 0;

  /** The word by which a client says it. */
  public String word() {
    return word;
  }

  /** The verb that a line begins with; {@link #INVALID} for any other word. */
  static TextVerb of(TextTokens line) {
    long first = line.packed(0);
    if (first == PACKED_GET) {
      return GET;
    }
    if (first == PACKED_MG) {
      return MG;
    }
    if (first == PACKED_SET) {
      return SET;
    }
    for (TextVerb verb : SPOKEN) {
      if (first == 0 ? line.is(0, verb.word) : first == verb.packed) {
        return verb;
      }
    }
    return line.is(0, "bget") ? GET : INVALID;
  }
}
