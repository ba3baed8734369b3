package io.farheap.internal.scope;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where an application allocated: its own frames, innermost first. Farheap's frames above them are
 * left out, since they are the same for everybody.
 */
final class LeakWatchSite {
  private static final int MAX_DEPTH = 16;

  /** The packages between an application and an allocation. Applications may live in others. */
  private static final Set<String> OWN_PACKAGES =
      Set.of("io.farheap", "io.farheap.internal", "io.farheap.internal.scope");

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
    String className = frame.getClassName();
    int end = className.lastIndexOf('.');
    return end >= 0 && OWN_PACKAGES.contains(className.substring(0, end));
  }

  /** The frames, a line each. */
  @Override
  public String toString() {
    return frames.stream()
        .map(frame -> "  at " + frame.toStackTraceElement())
        .collect(Collectors.joining("\n"));
  }
}
