package io.farheap.base.memory;

/** The operating system refused native memory, or a file that is to be mapped. */
public final class NativeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean noRoom;

  private NativeMemoryException(String message, Throwable cause, boolean noRoom) {
    super(message, cause);
    this.noRoom = noRoom;
  }

  /** With what was asked for and what to do. */
  public NativeMemoryException(String message) {
    this(message, null, false);
  }

  /** With a cause. */
  public NativeMemoryException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /** A refusal for want of room, which less memory or a larger file system would end. */
  public static NativeMemoryException noRoom(String message) {
    return new NativeMemoryException(message, null, true);
  }

  /** Whether there was not enough room, rather than anything wrong. */
  public boolean isNoRoom() {
    return noRoom;
  }
}
