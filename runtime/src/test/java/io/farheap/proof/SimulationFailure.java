package io.farheap.proof;

/** A simulation saw what must never be. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  /** Says what was seen. */
  public SimulationFailure(String message) {
    super(message);
  }

  /** Says in which run it was seen. */
  public SimulationFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
