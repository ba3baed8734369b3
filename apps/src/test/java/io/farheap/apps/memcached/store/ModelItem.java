package io.farheap.apps.memcached.store;

import java.util.Arrays;

/** An item as memcached's rules see it, on the Java heap. */
@SuppressWarnings("ArrayRecordComponent") // compared by same()
record ModelItem(
    byte[] value,
    int clientFlags,
    long expirySeconds,
    long cas,
    boolean stale,
    boolean tokenSent,
    boolean binaryKey,
    boolean fetched) {

  ModelItem withCas(long newCas) {
    return new ModelItem(
        value, clientFlags, expirySeconds, newCas, stale, tokenSent, binaryKey, fetched);
  }

  ModelItem withExpiry(long seconds) {
    return new ModelItem(value, clientFlags, seconds, cas, stale, tokenSent, binaryKey, fetched);
  }

  ModelItem withValue(byte[] newValue) {
    return new ModelItem(
        newValue, clientFlags, expirySeconds, cas, stale, tokenSent, binaryKey, false);
  }

  ModelItem withTokens(boolean newStale, boolean newTokenSent) {
    return new ModelItem(
        value, clientFlags, expirySeconds, cas, newStale, newTokenSent, binaryKey, fetched);
  }

  boolean same(ModelItem other) {
    return Arrays.equals(value, other.value)
        && clientFlags == other.clientFlags
        && expirySeconds == other.expirySeconds
        && cas == other.cas
        && stale == other.stale
        && tokenSent == other.tokenSent
        && binaryKey == other.binaryKey;
  }

  @Override
  public String toString() {
    return value.length
        + " bytes, flags "
        + clientFlags
        + ", expiry "
        + expirySeconds
        + ", cas "
        + cas
        + (stale ? ", stale" : "")
        + (tokenSent ? ", token sent" : "")
        + (binaryKey ? ", binary" : "");
  }
}
