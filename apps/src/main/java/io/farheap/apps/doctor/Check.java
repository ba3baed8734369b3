package io.farheap.apps.doctor;

import java.util.List;
import java.util.Set;

/** Examines one thing. */
public interface Check {
  /**
   * What it examines.
   *
   * @return a word, such as {@code memlock}
   */
  String name();

  /**
   * The transports that need what it examines: a {@link Verdict#BROKEN} finding means that they do
   * not work.
   *
   * @return one or more
   */
  Set<TransportKind> concerns();

  /**
   * Examines it.
   *
   * @return what was found, in the order in which it is to be mended; one or more
   */
  List<Finding> examine();
}
