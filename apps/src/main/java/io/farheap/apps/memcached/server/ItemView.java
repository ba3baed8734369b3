package io.farheap.apps.memcached.server;

import java.lang.foreign.MemorySegment;

/**
 * An item while an {@link ItemVisitor} looks at it; nothing of it is valid afterwards. Setters work
 * only where {@link ItemCache#edit} gives it.
 */
public interface ItemView {
  /** Where the value's bytes are. */
  MemorySegment base();

  /** Where the value begins. */
  long valueAt();

  /** How many bytes the value has. */
  int valueLength();

  /** The client's flags. */
  int flags();

  /** The version. */
  long cas();

  /** When it expires, as a Unix time in seconds; 0 for never. */
  long expiry();

  /** When it was used before this, as a Unix time in seconds. */
  long lastUse();

  /** Whether it was fetched before this. */
  boolean isFetched();

  /** Whether it was marked as stale. */
  boolean isStale();

  /** Whether a client was told to fetch it anew. */
  boolean isTokenSent();

  /** Whether its key came as base64. */
  boolean isKeyEncoded();

  /** Whether this access made it. */
  boolean isNew();

  /** How many bytes it takes, with its key and what is kept beside. */
  int totalBytes();

  /** Lets it expire at another time. */
  void setExpiry(long unixSeconds);

  /** Notes that a client was told to fetch it anew. */
  void setTokenSent();
}
