package io.farheap.apps.memcached.protocol;

import java.nio.charset.StandardCharsets;

/** How a command of the binary protocol ended, and how the reply says it. */
public enum BinaryStatus {
  /** Done. */
  OK(0x00, ""),
  /** There is no such item. */
  NOT_FOUND(0x01, "Not found"),
  /** There is such an item, or it has changed. */
  EXISTS(0x02, "Data exists for key."),
  /** The value is larger than items may be. */
  TOO_LARGE(0x03, "Too large."),
  /** The request makes no sense. */
  INVALID(0x04, "Invalid arguments"),
  /** The value was not stored. */
  NOT_STORED(0x05, "Not stored."),
  /** The item holds no number. */
  NON_NUMERIC(0x06, "Non-numeric server-side value for incr or decr"),
  /** The client has not said who it is, or not rightly. */
  AUTH_ERROR(0x20, "Auth failure."),
  /** There is no such command. */
  UNKNOWN_COMMAND(0x81, "Unknown command"),
  /** There is no memory for the value. */
  NO_MEMORY(0x82, "Out of memory allocating item"),
  /** Far memory did not answer in time. */
  FAR_FAILED(0x86, "Far memory does not answer"),
  /** Something went wrong that should not. */
  INTERNAL(0x84, "Internal error");

  private final int code;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final byte[] message;

  BinaryStatus(int code, String message) {
    this.code = code;
    this.message = message.getBytes(StandardCharsets.US_ASCII);
  }

  /** The number in the reply. */
  public int code() {
    return code;
  }

  /** The text in the reply; not to be changed. */
  public byte[] message() {
    return message;
  }
}
