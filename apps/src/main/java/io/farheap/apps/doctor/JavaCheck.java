package io.farheap.apps.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Examines the Java that runs this: every transport works on native memory.
 *
 * @param feature the number of Java's release
 * @param nativeAccess whether this code may reach native memory without a warning
 */
record JavaCheck(int feature, boolean nativeAccess) implements Check {
  private static final int NEEDED = 25;

  /** The Java that runs this. */
  static JavaCheck ofThisProcess() {
    return new JavaCheck(
        Runtime.version().feature(), JavaCheck.class.getModule().isNativeAccessEnabled());
  }

  @Override
  public String name() {
    return "java";
  }

  @Override
  public Set<TransportKind> concerns() {
    return EnumSet.allOf(TransportKind.class);
  }

  @Override
  public List<Finding> examine() {
    List<Finding> found = new ArrayList<>();
    if (feature < NEEDED) {
      found.add(
          Finding.broken(
              "Java " + feature + "; Farheap needs " + NEEDED,
              "install a JDK " + NEEDED + " and set JAVA_HOME to it"));
    } else {
      found.add(Finding.ok("Java " + feature));
    }
    if (nativeAccess) {
      found.add(Finding.ok("native access is enabled"));
    } else {
      found.add(
          Finding.advice(
              "native access is not enabled: Java warns now, and a later one will refuse",
              "java --enable-native-access=ALL-UNNAMED …"));
    }
    return found;
  }
}
