package io.farheap.apps.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What all checks found.
 *
 * @param entries in the order of the checks
 */
public record Diagnosis(List<Entry> entries) {
  /** Keeps a copy. */
  public Diagnosis {
    entries = List.copyOf(entries);
  }

  /**
   * One finding and the check that it comes from.
   *
   * @param check the check
   * @param finding what it found
   */
  public record Entry(Check check, Finding finding) {}

  /**
   * Lets checks examine the machine.
   *
   * @param checks what to examine
   * @return what they found; a check that fails itself has found something broken
   */
  public static Diagnosis of(Collection<? extends Check> checks) {
    List<Entry> entries = new ArrayList<>();
    for (Check check : checks) {
      findings(check).forEach(finding -> entries.add(new Entry(check, finding)));
    }
    return new Diagnosis(entries);
  }

  private static List<Finding> findings(Check check) {
    try {
      return check.examine();
    } catch (RuntimeException e) {
      return List.of(
          Finding.broken(
              "could not be examined: " + e, "report this with the output of --stacktrace"));
    }
  }

  /**
   * Whether nothing that a transport needs is broken.
   *
   * @param transport which one
   * @return true if it works here
   */
  public boolean works(TransportKind transport) {
    return obstacles(transport).isEmpty();
  }

  /**
   * Why a transport does not work here.
   *
   * @param transport which one
   * @return the broken findings that concern it, those to be mended first in front
   */
  public List<Entry> obstacles(TransportKind transport) {
    return entries.stream()
        .filter(entry -> entry.finding().verdict() == Verdict.BROKEN)
        .filter(entry -> entry.check().concerns().contains(transport))
        .toList();
  }
}
