package io.farheap.internal.scope;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where an application allocated: its own frames, innermost first. Farheap's frames above them are
 * left out, since they are the same for everybody.
 */
final class LeakWatchSite {
  private static final int MAX_DEPTH = 16;

  /** The package of the API; applications may live in others whose names begin with its. */
  private static final String API = "io.farheap.";

  private static final String INTERNALS = "io.farheap.internal.";

  /** Walked on an allocation, turned into text only for a report. */
  private final List<StackWalker.StackFrame> frames;

  private LeakWatchSite(List<StackWalker.StackFrame> frames) {
    this.frames = frames;
  }

  /** The site of whatever the current thread is doing. */
  static LeakWatchSite here() {
    return new LeakWatchSite(
        StackWalker.getInstance()
            .walk(stack -> stack.dropWhile(LeakWatchSite::isOwn).limit(MAX_DEPTH).toList()));
  }

  private static boolean isOwn(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    return name.startsWith(INTERNALS)
        || (name.startsWith(API) && name.indexOf('.', API.length()) < 0);
  }

  /** The frames, a line each. */
  @Override
  public String toString() {
    return frames.stream()
        .map(frame -> "  at " + frame.toStackTraceElement())
        .collect(Collectors.joining("\n"));
  }
}
