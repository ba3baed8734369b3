package io.farheap.allocator.memory;

/** The operating system refused native memory. */
public final class NativeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was asked for and what to do. */
  public NativeMemoryException(String message) {
    super(message);
  }

  /** With a cause. */
  public NativeMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
