package io.farheap.apps.memcached.protocol;

import java.nio.charset.StandardCharsets;

/** Every reply of the text protocol that is the same each time. */
public enum ReplyLine {
  /** The command is unknown, or has too many or too few words. */
  ERROR("ERROR"),
  /** Done. */
  OK("OK"),
  /** The value was stored. */
  STORED("STORED"),
  /** The value was not stored, since the item is there, or since it is not. */
  NOT_STORED("NOT_STORED"),
  /** The item has changed since its version was read. */
  EXISTS("EXISTS"),
  /** There is no such item. */
  NOT_FOUND("NOT_FOUND"),
  /** The item was deleted. */
  DELETED("DELETED"),
  /** The item expires at another time now. */
  TOUCHED("TOUCHED"),
  /** Counters begin anew. */
  RESET("RESET"),
  /** End of values or figures. */
  END("END"),
  /** Reply to {@code mn}. */
  MN("MN"),
  /** Meta: done. */
  HD("HD"),
  /** Meta: not stored. */
  NS("NS"),
  /** Meta: the item has changed. */
  EX("EX"),
  /** Meta: not found. */
  NF("NF"),
  /** Meta: no such item. */
  EN("EN"),
  /** A number is none, or a key is too long. */
  BAD_FORMAT("CLIENT_ERROR bad command line format"),
  /** Words are missing. */
  BAD_LINE("CLIENT_ERROR bad command line"),
  /** A value does not end where it should. */
  BAD_CHUNK("CLIENT_ERROR bad data chunk"),
  /** How {@code delete} is used. */
  DELETE_USAGE("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]"),
  /** An expiry time is no number. */
  BAD_EXPTIME("CLIENT_ERROR invalid exptime argument"),
  /** What to add or subtract is no number. */
  BAD_DELTA("CLIENT_ERROR invalid numeric delta argument"),
  /** The item holds no number. */
  NON_NUMERIC("CLIENT_ERROR cannot increment or decrement non-numeric value"),
  /** Meta: a flag is given twice. */
  DUPLICATE_FLAG("CLIENT_ERROR duplicate flag"),
  /** Meta: a key is not base64. */
  BAD_KEY_ENCODING("CLIENT_ERROR error decoding key"),
  /** Meta: a flag's number is none. */
  BAD_TOKEN("CLIENT_ERROR bad token in command line format"),
  /** Meta: the mode has not one letter. */
  BAD_MODE_LENGTH("CLIENT_ERROR incorrect length for M token"),
  /** Meta: the initial value is no number. */
  BAD_INITIAL("CLIENT_ERROR invalid numeric initial value"),
  /** Meta: the delta is no number. */
  BAD_META_DELTA("CLIENT_ERROR invalid numeric delta value"),
  /** Meta: there is no such flag. */
  BAD_FLAG("CLIENT_ERROR invalid flag"),
  /** Meta: one of the above, for {@code md} and {@code ma}. */
  BAD_OR_DUPLICATE_FLAG("CLIENT_ERROR invalid or duplicate flag"),
  /** Meta: too many flags for {@code mg}. */
  FLAGS_ARE_TOO_LONG("CLIENT_ERROR options flags are too long"),
  /** Meta: too many flags. */
  FLAGS_TOO_LONG("CLIENT_ERROR options flags too long"),
  /** Meta: the opaque token is too long. */
  OPAQUE_TOO_LONG("CLIENT_ERROR opaque token too long"),
  /** Meta: {@code ms} has no such mode. */
  BAD_STORE_MODE("CLIENT_ERROR invalid mode for ms M token"),
  /** Meta: {@code ma} has no such mode. */
  BAD_DELTA_MODE("CLIENT_ERROR invalid mode for ma M token"),
  /** How {@code stats detail} is used. */
  DETAIL_USAGE("CLIENT_ERROR usage: stats detail on|off|dump"),
  /** Items cannot be listed. */
  NO_CACHEDUMP("CLIENT_ERROR stats cachedump not allowed"),
  /** Items cannot be listed. */
  NO_METADUMP("ERROR metadump not allowed"),
  /** Nothing can be watched. */
  NO_WATCH("CLIENT_ERROR watch commands not allowed"),
  /** There are no slab classes to move memory between. */
  NO_REASSIGN("CLIENT_ERROR slab reassignment disabled"),
  /** A client does not end the server. */
  NO_SHUTDOWN("ERROR: shutdown not enabled"),
  /** {@code flush_all} was turned off. */
  NO_FLUSH("CLIENT_ERROR flush_all not allowed"),
  /** The memory limit is below 8 MiB. */
  MEMLIMIT_TOO_SMALL("MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m"),
  /** The memory limit was given in bytes. */
  MEMLIMIT_NOT_BYTES("MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes"),
  /** The memory limit cannot change. */
  MEMLIMIT_FIXED("MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust"),
  /** Shares of the LRU. */
  LRU_SHARES("ERROR hot and warm pcts must not exceed 80"),
  /** Ages of the LRU. */
  LRU_FACTORS("ERROR hot/warm age factors must be greater than 0"),
  /** The crawler's pauses. */
  CRAWLER_SLEEP("CLIENT_ERROR sleep must be one second or less"),
  /** The value is larger than items may be. */
  TOO_LARGE("SERVER_ERROR object too large for cache"),
  /** There is no memory for the value. */
  NO_MEMORY("SERVER_ERROR out of memory storing object"),
  /** There is no memory for the number. */
  NO_MEMORY_DELTA("SERVER_ERROR out of memory"),
  /** Far memory did not answer in time. */
  FAR_FAILED("SERVER_ERROR far memory does not answer"),
  /** Something went wrong that should not. */
  FAILED("SERVER_ERROR internal error; see the server's log"),
  /** The server has as many connections as it may. */
  TOO_MANY_CONNECTIONS("ERROR Too many open connections"),
  /** Nothing is done before the client has said who it is. */
  UNAUTHENTICATED("CLIENT_ERROR unauthenticated"),
  /** The line of user and password does not end where it should. */
  BAD_AUTH_END("CLIENT_ERROR bad command line termination"),
  /** User and password are not two words. */
  BAD_AUTH_FORMAT("CLIENT_ERROR bad authentication token format"),
  /** User or password is wrong. */
  AUTH_FAILED("CLIENT_ERROR authentication failure");

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final byte[] line;

  ReplyLine(String text) {
    this.text = text;
    this.line = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** The line's text, without its end. */
  public String text() {
    return text;
  }

  /** The line with its end; not to be changed. */
  public byte[] line() {
    return line;
  }
}
