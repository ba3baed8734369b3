package io.farheap.rdma.verbs;

import java.io.IOException;

/** The RDMA libraries or the device refused a call. */
public final class VerbsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errorNumber;
  private final int posted;

  /**
   * Creates an exception.
   *
   * @param message the call, the value that was wrong and what to do about it
   */
  public VerbsException(String message) {
    this(message, 0, 0);
  }

  VerbsException(String call, int errorNumber) {
    this(call + " failed: " + ErrorNumbers.describe(errorNumber), errorNumber, 0);
  }

  private VerbsException(String message, int errorNumber, int posted) {
    super(message);
    this.errorNumber = errorNumber;
    this.posted = posted;
  }

  static VerbsException refusedPost(String call, int errorNumber, int posted, int requests) {
    return new VerbsException(
        call
            + " took "
            + posted
            + " of "
            + requests
            + " work requests and failed: "
            + ErrorNumbers.describe(errorNumber),
        errorNumber,
        posted);
  }

  /**
   * The system's error number.
   *
   * @return a value of {@code errno}, or 0 where there is none
   */
  public int errorNumber() {
    return errorNumber;
  }

  /**
   * How many work requests of a list were accepted before the one that was refused.
   *
   * @return the length of the accepted part, 0 for calls that post nothing
   */
  public int posted() {
    return posted;
  }
}
