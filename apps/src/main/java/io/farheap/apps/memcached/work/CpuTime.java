package io.farheap.apps.memcached.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The processor time of this process, in the form that {@code stats} shows it. */
record CpuTime(String user, String system) {
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final int USER_FIELD = 11;
  private static final int SYSTEM_FIELD = 12;
  private static final double TICKS_PER_SECOND = 100;

  /** What it is now; zeros where the system does not say. */
  static CpuTime now() {
    try {
      String line = Files.readString(STAT);
      // The second field, a name, may hold anything but ends with the last parenthesis.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return new CpuTime(seconds(fields[USER_FIELD]), seconds(fields[SYSTEM_FIELD]));
    } catch (IOException | RuntimeException e) {
      return new CpuTime(seconds("0"), seconds("0"));
    }
  }

  private static String seconds(String ticks) {
    return String.format(Locale.ROOT, "%.6f", Long.parseLong(ticks) / TICKS_PER_SECOND);
  }
}
