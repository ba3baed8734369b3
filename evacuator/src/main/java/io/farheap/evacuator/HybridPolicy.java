package io.farheap.evacuator;

/**
 * The paging path for pages of which enough was used while they were local (Atlas's card access
 * rate).
 *
 * @param threshold share of touched over live bytes above which a page comes in whole, 0 to 1
 */
public record HybridPolicy(double threshold) implements PathPolicy {
  @Override
  public boolean paging(int touchedBytes, int liveBytes, boolean fetched) {
    return touchedBytes > threshold * liveBytes;
  }
}
