package io.farheap.apps.memcached.protocol;

/**
 * Times of expiry as clients say them: 0 is never, up to 30 days a span from now, more a Unix time,
 * and less than 0 at once.
 */
public final class Expiry {
  /** An item with this time never expires. */
  public static final long NEVER = 0;

  private static final long MAX_SPAN_SECONDS = 60L * 60 * 24 * 30;

  /** A time at which every item has expired. */
  private static final long PAST = 1;

  private Expiry() {}

  /**
   * What a client's number means.
   *
   * @param exptime the number
   * @param nowSeconds the Unix time
   * @return a Unix time in seconds, or {@link #NEVER}
   */
  public static long at(long exptime, long nowSeconds) {
    if (exptime == 0) {
      return NEVER;
    }
    if (exptime < 0) {
      return PAST;
    }
    return exptime <= MAX_SPAN_SECONDS ? nowSeconds + exptime : exptime;
  }
}
