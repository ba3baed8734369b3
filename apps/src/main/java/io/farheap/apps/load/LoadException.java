package io.farheap.apps.load;

/** The load could not go on: the server is away, or answered what no memcached answers. */
public class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Says what went wrong.
   *
   * @param message what the server did and what to look at
   */
  public LoadException(String message) {
    super(message);
  }
}
