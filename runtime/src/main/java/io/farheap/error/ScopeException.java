package io.farheap.error;

/**
 * Thrown when a scope or pin is used against its rules: it is closed already, it belongs to another
 * thread or another heap, or nested scopes are closed out of order. No bytes were touched.
 *
 * <p>Open a scope per thread in a {@code try} block, keep it short, and take a {@code Pin} for
 * bytes that must outlive the scope or cross threads.
 */
public class ScopeException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public ScopeException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public ScopeException(String message, Throwable cause) {
    super(message, cause);
  }
}
