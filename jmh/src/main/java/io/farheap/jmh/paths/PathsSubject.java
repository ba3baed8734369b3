package io.farheap.jmh.paths;

import io.farheap.options.HeapOptionsBuilder;
import io.farheap.options.Mode;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Settings of a heap that are compared with others.
 *
 * @param name the word in the names of figures
 * @param settings sets them
 */
record PathsSubject(String name, UnaryOperator<HeapOptionsBuilder> settings) {
  static final PathsSubject HYBRID = new PathsSubject("hybrid", o -> o.mode(Mode.HYBRID));
  static final PathsSubject PAGING = new PathsSubject("paging", o -> o.mode(Mode.PAGING_ONLY));
  static final PathsSubject OBJECT = new PathsSubject("object", o -> o.mode(Mode.OBJECT_ONLY));

  /** What is judged. */
  static final List<PathsSubject> MODES = List.of(HYBRID, PAGING, OBJECT);

  /** Hybrid mode with one of its parts taken away or set otherwise. */
  static final List<PathsSubject> ABLATIONS =
      List.of(
          new PathsSubject("regrouping-off", o -> o.regrouping(false)),
          new PathsSubject("threshold-50", o -> o.pathThreshold("50%")),
          new PathsSubject("threshold-80", o -> o.pathThreshold("80%")),
          new PathsSubject("threshold-90", o -> o.pathThreshold("90%")),
          new PathsSubject("threshold-100", o -> o.pathThreshold("100%")),
          new PathsSubject("cards-off", o -> o.cards(false)),
          new PathsSubject("read-ahead-off", o -> o.readAhead(0)),
          new PathsSubject("evacuation-off", o -> o.evacuation(false)));
}
