package io.farheap.rdma.verbs;

/** How much of a list a device took before it refused. */
final class PostResult {
  private PostResult() {}

  /**
   * The number of requests before the first one refused.
   *
   * @param first raw address of the first request
   * @param bad raw address of the first one refused; 0 where the driver did not say
   * @param requestBytes the distance of two requests
   * @param requests how many there are
   */
  static int accepted(long first, long bad, int requestBytes, int requests) {
    long index = (bad - first) / requestBytes;
    return index >= 0 && index < requests ? (int) index : 0;
  }
}
