package io.farheap.apps.memcached.server;

import java.util.Locale;

/** What workers count, by the names that memcached gives it. */
enum Count {
  CMD_GET,
  CMD_SET,
  CMD_FLUSH,
  CMD_TOUCH,
  CMD_META,
  GET_HITS,
  GET_MISSES,
  DELETE_MISSES,
  DELETE_HITS,
  INCR_MISSES,
  INCR_HITS,
  DECR_MISSES,
  DECR_HITS,
  CAS_MISSES,
  CAS_HITS,
  CAS_BADVAL,
  TOUCH_HITS,
  TOUCH_MISSES,
  STORE_TOO_LARGE,
  STORE_NO_MEMORY,
  AUTH_CMDS,
  AUTH_ERRORS,
  BYTES_READ,
  BYTES_WRITTEN,
  FAR_WAITS,
  FAR_ERRORS;

  /** The name in {@code stats}. */
  String statName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
