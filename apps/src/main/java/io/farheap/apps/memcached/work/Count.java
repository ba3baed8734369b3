package io.farheap.apps.memcached.work;

import java.util.Locale;

/** What workers count, beside the store, by the names that memcached gives it. */
public enum Count {
  /** Descriptions of items. */
  CMD_META,
  /** Clients that said who they are. */
  AUTH_CMDS,
  /** Those of them who were not believed. */
  AUTH_ERRORS,
  /** Bytes that clients sent. */
  BYTES_READ,
  /** Bytes that clients were sent. */
  BYTES_WRITTEN,
  /** Requests that had to wait for far memory. */
  FAR_WAITS,
  /** Requests that failed. */
  REQUEST_FAILURES;

  /** Where a worker's array has it. */
  @SuppressWarnings("EnumOrdinal") // an EnumMap would box every number
  int place() {
    return ordinal();
  }

  /** The name in {@code stats}. */
  String statName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
