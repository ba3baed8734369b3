package io.farheap.apps.memcached.server;

import java.util.Locale;

/** What workers count, beside the store, by the names that memcached gives it. */
enum Count {
  CMD_META,
  AUTH_CMDS,
  AUTH_ERRORS,
  BYTES_READ,
  BYTES_WRITTEN,
  FAR_WAITS,
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
