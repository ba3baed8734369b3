package io.farheap.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may use of its machine.
 *
 * @param memoryBytes bytes of memory: the tightest limit of its cgroups, otherwise all
 * @param memoryOrigin what set that limit, for messages
 * @param processors processors
 */
record HeapOptionsMachine(long memoryBytes, String memoryOrigin, int processors) {
  private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s+([0-9]{1,15}) kB");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** Without any better source: the JVM gives its heap a quarter of the machine. */
  private static final int MACHINE_PER_JAVA_HEAP = 4;

  /** The machine that this process runs on. */
  static HeapOptionsMachine detect() {
    return detect(
        Path.of("/"),
        Runtime.getRuntime().maxMemory() * MACHINE_PER_JAVA_HEAP,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Looks a machine up in its files.
   *
   * @param root the folder that holds {@code proc} and {@code sys}
   * @param fallbackBytes the memory to assume when no file says it
   * @param processors processors
   */
  static HeapOptionsMachine detect(Path root, long fallbackBytes, int processors) {
    OptionalLong total = totalBytes(root);
    long machineBytes = total.orElse(fallbackBytes);
    long limitBytes = cgroupLimitBytes(root);
    if (limitBytes < machineBytes) {
      return new HeapOptionsMachine(limitBytes, "the cgroup's limit", processors);
    }
    String origin = total.isPresent() ? "this machine's memory" : "an estimate of the memory";
    return new HeapOptionsMachine(machineBytes, origin, processors);
  }

  private static OptionalLong totalBytes(Path root) {
    for (String line : lines(root.resolve("proc/meminfo"))) {
      Matcher matcher = MEM_TOTAL.matcher(line);
      if (matcher.matches()) {
        return OptionalLong.of(Long.parseLong(matcher.group(1)) << 10);
      }
    }
    return OptionalLong.empty();
  }

  /** The tightest limit of either version of cgroups; {@link Long#MAX_VALUE} if there is none. */
  private static long cgroupLimitBytes(Path root) {
    long limitBytes = Long.MAX_VALUE;
    Path mount = root.resolve("sys/fs/cgroup");
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        limitBytes = Math.min(limitBytes, tightest(mount, parts[2], "memory.max"));
      } else if (List.of(parts[1].split(",", -1)).contains("memory")) {
        limitBytes =
            Math.min(
                limitBytes, tightest(mount.resolve("memory"), parts[2], "memory.limit_in_bytes"));
      }
    }
    return limitBytes;
  }

  /**
   * The tightest limit from a group up to the root of the mount: a parent's limit holds for its
   * children, and inside a container the group's own folder may not be visible at all.
   */
  private static long tightest(Path mount, String group, String file) {
    Path folder = mount.resolve(group.replaceFirst("^/+", "")).normalize();
    if (!folder.startsWith(mount)) {
      folder = mount;
    }
    long limitBytes = Long.MAX_VALUE;
    for (; folder.startsWith(mount); folder = folder.getParent()) {
      Optional<String> text = lines(folder.resolve(file)).stream().findFirst().map(String::strip);
      if (text.isPresent() && DIGITS.matcher(text.get()).matches()) {
        limitBytes = Math.min(limitBytes, Long.parseLong(text.get()));
      }
    }
    return limitBytes;
  }

  /** A file's lines; none if it can't be read, since not every system has all of them. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }
}
