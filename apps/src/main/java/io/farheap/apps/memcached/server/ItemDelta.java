package io.farheap.apps.memcached.server;

/** What to add to a number or subtract from it, and what came of it; one object serves many. */
public final class ItemDelta {
  private boolean up;
  private long amount;
  private long casWanted;
  private long value;
  private long cas;

  /** Creates a change by nothing. */
  public ItemDelta() {}

  void set(boolean isUp, long newAmount, long newCasWanted) {
    up = isUp;
    amount = newAmount;
    casWanted = newCasWanted;
    value = 0;
    cas = 0;
  }

  /** Whether to add; it goes round at 2<sup>64</sup>, while subtracting ends at 0. */
  public boolean isUp() {
    return up;
  }

  /** How much, unsigned. */
  public long amount() {
    return amount;
  }

  /** The version that the item must have; 0 for any. */
  public long casWanted() {
    return casWanted;
  }

  /** The new number, unsigned. */
  public long value() {
    return value;
  }

  /** The item's new version. */
  public long cas() {
    return cas;
  }

  /** Notes what came of it. */
  public void setResult(long newValue, long newCas) {
    value = newValue;
    cas = newCas;
  }
}
