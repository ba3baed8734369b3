package io.farheap.transport.simulation;

/** Ends what a process is about that was killed while it waited. */
final class ProcessEnded extends Error {
  private static final long serialVersionUID = 1L;
}
