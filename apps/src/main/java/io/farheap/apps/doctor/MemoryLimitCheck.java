package io.farheap.apps.doctor;

import io.farheap.base.text.ByteSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Examines how much memory the control group of this process may have, by either version.
 *
 * @param files the system's files
 * @param wantedBytes memory that a heap with the settings of this process takes
 */
record MemoryLimitCheck(FileTree files, long wantedBytes) implements Check {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final String MOUNT = "sys/fs/cgroup";

  @Override
  public String name() {
    return "memory-limit";
  }

  @Override
  public Set<TransportKind> concerns() {
    return EnumSet.allOf(TransportKind.class);
  }

  @Override
  public List<Finding> examine() {
    OptionalLong limit = tightest();
    if (limit.isEmpty()) {
      return List.of(Finding.ok("no memory limit of a control group"));
    }
    String text = "the control group's memory limit is " + ByteSize.text(limit.getAsLong());
    return List.of(
        limit.getAsLong() > wantedBytes
            ? Finding.ok(text)
            : Finding.advice(
                text + ", and the heap's local memory alone " + ByteSize.text(wantedBytes),
                "FARHEAP_LOCAL_MEMORY=25%   (or raise the limit)"));
  }

  /** The least limit of this process's groups and of those around them. */
  private OptionalLong tightest() {
    List<Long> limits = new ArrayList<>();
    for (String line : files.lines("proc/self/cgroup")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        collect(MOUNT, parts[2], "memory.max", limits);
      } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("memory")) {
        collect(MOUNT + "/memory", parts[2], "memory.limit_in_bytes", limits);
      }
    }
    // Version 1 says "no limit" by a number that no machine has.
    return limits.stream().mapToLong(Long::longValue).filter(l -> l < Long.MAX_VALUE / 2).min();
  }

  private void collect(String mount, String group, String file, List<Long> limits) {
    Path relative = Path.of(group.replaceFirst("^/+", "")).normalize();
    for (Path folder = relative; folder != null; folder = folder.getParent()) {
      add(mount + "/" + folder + "/" + file, limits);
    }
    add(mount + "/" + file, limits);
  }

  private void add(String file, List<Long> limits) {
    files
        .text(file)
        .filter(text -> DIGITS.matcher(text).matches())
        .map(Long::valueOf)
        .ifPresent(limits::add);
  }
}
