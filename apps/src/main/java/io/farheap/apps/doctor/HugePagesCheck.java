package io.farheap.apps.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Examines whether memory can be on huge pages: frames and anonymous slabs, and slabs in /dev/shm.
 *
 * @param files the system's files
 */
record HugePagesCheck(FileTree files) implements Check {
  private static final String FOLDER = "sys/kernel/mm/transparent_hugepage/";
  private static final Pattern CHOSEN = Pattern.compile("\\[(.+?)]");
  private static final Pattern MOUNTED_HUGE =
      Pattern.compile("\\S+ /dev/shm tmpfs \\S*\\bhuge=(always|within_size)\\b.*");

  @Override
  public String name() {
    return "huge-pages";
  }

  @Override
  public Set<TransportKind> concerns() {
    return EnumSet.allOf(TransportKind.class);
  }

  @Override
  public List<Finding> examine() {
    List<Finding> found = new ArrayList<>();
    found.add(anonymous());
    found.add(shared());
    files
        .labelled("proc/meminfo", "HugePages_Free:")
        .filter(free -> !free.equals("0"))
        .ifPresent(
            free ->
                found.add(
                    Finding.advice(
                        free + " huge pages are set aside that Farheap never uses",
                        "sysctl vm.nr_hugepages=0   (if no other program needs them)")));
    return found;
  }

  private Finding anonymous() {
    Optional<String> enabled = chosen("enabled");
    if (enabled.isEmpty()) {
      return Finding.advice(
          "this kernel has no transparent huge pages: a random access to far heaps of gigabytes"
              + " takes about half as long again",
          "boot a kernel with CONFIG_TRANSPARENT_HUGEPAGE");
    }
    return enabled.get().equals("never")
        ? Finding.advice(
            "transparent huge pages are switched off: a random access to heaps of gigabytes takes"
                + " about half as long again",
            "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
        : Finding.ok("transparent huge pages: " + enabled.get());
  }

  private Finding shared() {
    Optional<String> enabled = chosen("shmem_enabled");
    boolean denied = enabled.isEmpty() || enabled.get().equals("deny");
    boolean forced = enabled.isPresent() && enabled.get().equals("force");
    boolean mounted =
        files.lines("proc/mounts").stream().anyMatch(l -> MOUNTED_HUGE.matcher(l).matches());
    if (forced || (mounted && !denied)) {
      return Finding.ok("slabs in /dev/shm are on huge pages");
    }
    return denied
        ? Finding.advice(
            "slabs in /dev/shm are on small pages: shmem_enabled is "
                + enabled.orElse("not known to this kernel"),
            "echo never > /sys/kernel/mm/transparent_hugepage/shmem_enabled"
                + " && mount -o remount,huge=within_size /dev/shm")
        : Finding.advice(
            "slabs in /dev/shm are on small pages", "mount -o remount,huge=within_size /dev/shm");
  }

  /** The word in brackets of a setting as {@code always [madvise] never}. */
  private Optional<String> chosen(String setting) {
    return files
        .text(FOLDER + setting)
        .map(CHOSEN::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }
}
