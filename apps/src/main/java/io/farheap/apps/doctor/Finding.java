package io.farheap.apps.doctor;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a check found.
 *
 * @param verdict what it means
 * @param text what was found, with the values that say so
 * @param remedy the command that mends it, or what else does
 */
public record Finding(Verdict verdict, String text, Optional<String> remedy) {
  /** Refuses missing parts. */
  public Finding {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(remedy, "remedy");
  }

  static Finding ok(String text) {
    return new Finding(Verdict.OK, text, Optional.empty());
  }

  static Finding advice(String text, String remedy) {
    return new Finding(Verdict.ADVICE, text, Optional.of(remedy));
  }

  static Finding broken(String text, String remedy) {
    return new Finding(Verdict.BROKEN, text, Optional.of(remedy));
  }
}
