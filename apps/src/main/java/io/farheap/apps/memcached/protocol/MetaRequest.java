package io.farheap.apps.memcached.protocol;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A meta command with its flags: {@code mg}, {@code ms}, {@code md}, {@code ma} or {@code me}. As
 * {@link TextRequest}, one object for many requests, valid while the bytes of its line are.
 *
 * <p>Some flags take effect in the order in which they are given, and replies repeat flags in it:
 * {@link #flagCount()} and {@link #flag} walk over them.
 */
public final class MetaRequest {
  private static final int MAX_WORDS = 19;
  private static final int MAX_OPAQUE_LENGTH = 32;
  private static final int FLAGS = 128;
  private static final int FIRST_AFTER_KEY = 2;

  private final DecimalText number = new DecimalText();
  private final long[] seen = new long[FLAGS / Long.SIZE];
  private final MemorySegment decodedKey = Arena.ofAuto().allocate(TextRequest.MAX_KEY_BYTES);

  private TextTokens tokens = new TextTokens();
  private ReplyLine error;
  private MemorySegment keyBase = MemorySegment.NULL;
  private long keyAt;
  private int keyLength;
  private int firstFlag;
  private int valueLength;
  private int exptime;
  private int vivifyExptime;
  private int recacheExptime;
  private int clientFlags;
  private long casWanted;
  private long casGiven;
  private long delta;
  private long initial;
  private char mode;

  /** Creates a request that was not read yet. */
  public MetaRequest() {}

  /**
   * Reads the words of a meta command.
   *
   * @param verb the command
   * @param words the words of its line, at least two
   * @return null, or the error to reply; it is told even to who wants no reply
   */
  public ReplyLine read(TextVerb verb, TextTokens words) {
    tokens = words;
    error = null;
    valueLength = -1;
    firstFlag = FIRST_AFTER_KEY;
    seen[0] = 0;
    seen[1] = 0;
    exptime = 0;
    clientFlags = 0;
    casWanted = 0;
    casGiven = 0;
    delta = 1;
    initial = 0;
    mode = 0;
    keyBase = words.base();
    keyAt = words.start(1);
    keyLength = words.length(1);
    if (keyLength > TextRequest.MAX_KEY_BYTES) {
      return ReplyLine.BAD_FORMAT;
    }
    if (verb == TextVerb.MS && words.count() == FIRST_AFTER_KEY) {
      return ReplyLine.BAD_FORMAT;
    }
    if (words.count() > MAX_WORDS) {
      return verb == TextVerb.MG ? ReplyLine.FLAGS_ARE_TOO_LONG : ReplyLine.FLAGS_TOO_LONG;
    }
    if (verb == TextVerb.MS && !readValueLength()) {
      return ReplyLine.BAD_FORMAT;
    }
    boolean known = readFlags();
    if (known && error == null) {
      return modeError(verb);
    }
    boolean plain = verb == TextVerb.MD || verb == TextVerb.MA;
    return plain ? ReplyLine.BAD_OR_DUPLICATE_FLAG : error;
  }

  /**
   * Reads the key of {@code me}, which has no flag but {@code b}.
   *
   * @param words the words of its line, at least two
   * @return whether it is a key
   */
  public boolean readKey(TextTokens words) {
    tokens = words;
    firstFlag = words.count();
    keyBase = words.base();
    keyAt = words.start(1);
    keyLength = words.length(1);
    error = null;
    if (keyLength > TextRequest.MAX_KEY_BYTES) {
      return false;
    }
    if (words.is(FIRST_AFTER_KEY, "b")) {
      decodeKey();
    }
    return error == null;
  }

  private boolean readValueLength() {
    if (!tokens.readSigned(FIRST_AFTER_KEY, 0, number)) {
      return false;
    }
    int length = (int) number.value();
    if (length < 0 || length > Integer.MAX_VALUE - TextRequest.LINE_END_BYTES) {
      return false;
    }
    valueLength = length;
    firstFlag = FIRST_AFTER_KEY + 1;
    return true;
  }

  /** Reads all flags; ends early, with false, at one that is unknown or given twice. */
  private boolean readFlags() {
    for (int i = firstFlag; i < tokens.count(); i++) {
      int letter = tokens.at(i, 0);
      if (letter < 0 || letter == FLAGS - 1 || isSeen(letter)) {
        error = ReplyLine.DUPLICATE_FLAG;
        return false;
      }
      seen[letter / Long.SIZE] |= 1L << letter;
      if (!readFlag((char) letter, i)) {
        error = ReplyLine.BAD_FLAG;
        return false;
      }
    }
    return true;
  }

  /** Reads a flag with its token. */
  private boolean readFlag(char letter, int index) {
    switch (letter) {
      case 'b' -> decodeKey();
      case 'N' -> vivifyExptime = signed(index);
      case 'T' -> exptime = signed(index);
      case 'R' -> recacheExptime = signed(index);
      case 'F' -> clientFlags = (int) unsigned(index, ReplyLine.BAD_FORMAT);
      case 'C' -> casWanted = unsigned(index, ReplyLine.BAD_TOKEN);
      case 'E' -> casGiven = unsigned(index, ReplyLine.BAD_TOKEN);
      case 'J' -> initial = unsigned(index, ReplyLine.BAD_INITIAL);
      case 'D' -> delta = unsigned(index, ReplyLine.BAD_META_DELTA);
      case 'M' -> {
        if (tokens.length(index) == 2) {
          mode = (char) (tokens.at(index, 1) & 0xFF);
        } else {
          error = ReplyLine.BAD_MODE_LENGTH;
        }
      }
      case 'O' -> {
        if (tokens.length(index) > MAX_OPAQUE_LENGTH && error == null) {
          error = ReplyLine.OPAQUE_TOO_LONG;
        }
      }
      case 'P', 'L', 'k', 's', 't', 'c', 'f', 'v', 'h', 'u', 'q', 'l', 'I', 'x' -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  private void decodeKey() {
    int length = Base64Key.decode(keyBase, keyAt, keyLength, decodedKey, 0);
    if (length == 0) {
      error = ReplyLine.BAD_KEY_ENCODING;
      return;
    }
    keyBase = decodedKey;
    keyAt = 0;
    keyLength = length;
  }

  private int signed(int index) {
    if (tokens.readSigned(index, 1, number)) {
      return (int) number.value();
    }
    error = ReplyLine.BAD_TOKEN;
    return 0;
  }

  private long unsigned(int index, ReplyLine otherwise) {
    if (tokens.readUnsigned(index, 1, number)) {
      return number.value();
    }
    error = otherwise;
    return 0;
  }

  private ReplyLine modeError(TextVerb verb) {
    if (mode == 0) {
      return null;
    }
    return switch (verb) {
      case MS -> "EAPRS".indexOf(mode) < 0 ? ReplyLine.BAD_STORE_MODE : null;
      case MA -> "I+D-".indexOf(mode) < 0 ? ReplyLine.BAD_DELTA_MODE : null;
      default -> null;
    };
  }

  private boolean isSeen(int letter) {
    return (seen[letter / Long.SIZE] >>> letter & 1) != 0;
  }

  /** Whether a flag was given. */
  public boolean has(char letter) {
    return isSeen(letter);
  }

  /** How many flags were given. */
  public int flagCount() {
    return tokens.count() - firstFlag;
  }

  /** A flag's letter, by the order in which flags were given. */
  public char flag(int index) {
    return (char) tokens.at(firstFlag + index, 0);
  }

  /** Where a flag begins, its letter included. */
  public long flagAt(int index) {
    return tokens.start(firstFlag + index);
  }

  /** Length of a flag, its letter included. */
  public int flagLength(int index) {
    return tokens.length(firstFlag + index);
  }

  /** Where the key's bytes are: in the line, or decoded. */
  public MemorySegment keyBase() {
    return keyBase;
  }

  /** Where the key begins. */
  public long keyAt() {
    return keyAt;
  }

  /** Length of the key in bytes. */
  public int keyLength() {
    return keyLength;
  }

  /** Length of the value that follows {@code ms}; -1 if it is not known. */
  public int valueLength() {
    return valueLength;
  }

  /** Expiry of flag {@code T}. */
  public int exptime() {
    return exptime;
  }

  /** Expiry of flag {@code N}, for an item that is made. */
  public int vivifyExptime() {
    return vivifyExptime;
  }

  /** Time of flag {@code R}: who has less left is to be fetched anew. */
  public int recacheExptime() {
    return recacheExptime;
  }

  /** Flags of flag {@code F}. */
  public int clientFlags() {
    return clientFlags;
  }

  /** Version of flag {@code C} that the item must have; 0 for any. */
  public long casWanted() {
    return casWanted;
  }

  /** Version of flag {@code E} that the item is to have; 0 for the server's choice. */
  public long casGiven() {
    return casGiven;
  }

  /** What to add or subtract. */
  public long delta() {
    return delta;
  }

  /** What {@code ma} starts with where it makes an item. */
  public long initial() {
    return initial;
  }

  /** Letter of flag {@code M}, or 0. */
  public char mode() {
    return mode;
  }
}
