package io.farheap.jmh.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The machine and the JVM that figures come from. */
final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** What a reader needs to know to compare figures. */
  static Map<String, Object> describe() {
    OperatingSystemMXBean system = system();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", field("/proc/cpuinfo", "model name", ":", System.getProperty("os.arch")));
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("memoryBytes", system.getTotalMemorySize());
    facts.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("jvmArguments", ManagementFactory.getRuntimeMXBean().getInputArguments());
    facts.put(
        "os", field("/etc/os-release", "PRETTY_NAME", "=", system.getName()).replace("\"", ""));
    facts.put("kernel", system.getVersion());
    facts.put("transparentHugePages", transparentHugePages());
    facts.put("loadAverage", Math.max(0, system.getSystemLoadAverage()));
    return facts;
  }

  private static OperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }

  private static String transparentHugePages() {
    List<String> lines = lines("/sys/kernel/mm/transparent_hugepage/enabled");
    return lines.isEmpty() ? UNKNOWN : lines.getFirst().strip();
  }

  private static String field(String file, String name, String separator, String otherwise) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name) && line.contains(separator))
        .map(line -> line.substring(line.indexOf(separator) + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  /** A file's lines; none where the system has no such file. */
  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }
}
