package io.farheap.error;

/**
 * Thrown when bytes couldn't be had from a memory server: it didn't answer within {@code transport-
 * timeout}, the connection broke, or what arrived failed its checks. The object is unchanged;
 * objects that are local stay usable meanwhile.
 *
 * <p>Repeat the operation if {@link #isRetryable()}, after a pause; otherwise the bytes are lost or
 * the memory server refuses them, and the message says which.
 */
public class FarAccessException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /** Whether repeating the operation may succeed. */
  private final boolean retryable;

  /**
   * Makes an exception.
   *
   * @param message which memory server and range failed, how, and what to do
   * @param retryable whether repeating the operation may succeed
   */
  public FarAccessException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message which memory server and range failed, how, and what to do
   * @param retryable whether repeating the operation may succeed
   * @param cause what the transport reported
   */
  public FarAccessException(String message, boolean retryable, Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /**
   * Whether the same operation may succeed when it is repeated.
   *
   * @return true after a timeout or a lost connection; false if the bytes are gone or were refused
   */
  public boolean isRetryable() {
    return retryable;
  }
}
