package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {
  private static final String HUGE = "sys/kernel/mm/transparent_hugepage/";
  private static final long GIB = 1L << 30;

  @TempDir Path root;
  private FakeSystem system;

  @BeforeEach
  void empty() {
    system = new FakeSystem(root);
  }

  private static List<Verdict> verdicts(Check check) {
    return check.examine().stream().map(Finding::verdict).toList();
  }

  private static String text(Check check) {
    return check.examine().toString();
  }

  @Test
  void anOldJavaIsBroken() {
    assertEquals(List.of(Verdict.OK, Verdict.OK), verdicts(new JavaCheck(25, true)));
    assertEquals(List.of(Verdict.BROKEN, Verdict.ADVICE), verdicts(new JavaCheck(21, false)));
  }

  @Test
  void hugePagesForFramesAndForSharedSlabs() {
    HugePagesCheck check = new HugePagesCheck(system.files());
    assertEquals(List.of(Verdict.ADVICE, Verdict.ADVICE), verdicts(check));
    system
        .with(HUGE + "enabled", "always madvise [never]")
        .with(HUGE + "shmem_enabled", "always within_size advise [never] deny force");
    assertEquals(List.of(Verdict.ADVICE, Verdict.ADVICE), verdicts(check));
    assertTrue(text(check).contains("echo madvise >"), text(check));
    system
        .with(HUGE + "enabled", "always [madvise] never")
        .with("proc/mounts", "tmpfs /dev/shm tmpfs rw,nosuid,huge=within_size 0 0");
    assertEquals(List.of(Verdict.OK, Verdict.OK), verdicts(check));
    system.with(HUGE + "shmem_enabled", "always within_size advise never [deny] force");
    assertEquals(List.of(Verdict.OK, Verdict.ADVICE), verdicts(check));
  }

  @Test
  void hugePagesThatAreSetAsideAreWasted() {
    system
        .with(HUGE + "enabled", "[always] madvise never")
        .with(HUGE + "shmem_enabled", "always within_size advise never deny [force]")
        .with("proc/meminfo", "MemTotal: 1 kB\nHugePages_Free:      512");
    HugePagesCheck check = new HugePagesCheck(system.files());
    assertEquals(List.of(Verdict.OK, Verdict.OK, Verdict.ADVICE), verdicts(check));
    assertTrue(text(check).contains("512 huge pages"), text(check));
  }

  @Test
  void strictOvercommitIsWorthAdvice() {
    OvercommitCheck check = new OvercommitCheck(system.files());
    system.with("proc/sys/vm/overcommit_memory", "1");
    assertEquals(List.of(Verdict.OK), verdicts(check));
    system.with("proc/sys/vm/overcommit_memory", "2");
    assertEquals(List.of(Verdict.ADVICE), verdicts(check));
  }

  @Test
  void theTightestGroupOfVersionTwoCounts() {
    MemoryLimitCheck check = new MemoryLimitCheck(system.files(), GIB);
    assertEquals(List.of(Verdict.OK), verdicts(check));
    system
        .with("proc/self/cgroup", "0::/outer/inner")
        .with("sys/fs/cgroup/outer/inner/memory.max", "max")
        .with("sys/fs/cgroup/outer/memory.max", Long.toString(4 * GIB));
    assertEquals(List.of(Verdict.OK), verdicts(check));
    assertTrue(text(check).contains("4 GiB"), text(check));
    system.with("sys/fs/cgroup/memory.max", Long.toString(GIB / 2));
    assertEquals(List.of(Verdict.ADVICE), verdicts(check));
  }

  @Test
  void groupsOfVersionOneCountToo() {
    system
        .with("proc/self/cgroup", "4:cpu,cpuacct:/x\n3:memory:/docker/abc")
        .with("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    MemoryLimitCheck check = new MemoryLimitCheck(system.files(), GIB);
    assertTrue(text(check).contains("no memory limit"), text(check));
    system.with("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", Long.toString(GIB / 4));
    assertEquals(List.of(Verdict.ADVICE), verdicts(check));
    assertTrue(text(check).contains("256 MiB"), text(check));
  }

  @Test
  void sharedMemoryMustHoldASlab() throws Exception {
    SharedMemoryCheck.Room room = folder -> new SharedMemoryCheck.Sizes(GIB, GIB / 2);
    assertEquals(List.of(Verdict.BROKEN), verdicts(new SharedMemoryCheck(system.files(), room)));
    Files.createDirectories(root.resolve("dev/shm"));
    assertEquals(List.of(Verdict.OK), verdicts(new SharedMemoryCheck(system.files(), room)));
    SharedMemoryCheck.Room small = folder -> new SharedMemoryCheck.Sizes(32 << 20, 32 << 20);
    assertEquals(List.of(Verdict.BROKEN), verdicts(new SharedMemoryCheck(system.files(), small)));
    SharedMemoryCheck.Room full = folder -> new SharedMemoryCheck.Sizes(GIB, 1 << 20);
    assertEquals(List.of(Verdict.ADVICE), verdicts(new SharedMemoryCheck(system.files(), full)));
  }

  @Test
  void bytesComeAndGoByTheTransportsOfEveryMachine() {
    assertEquals(List.of(Verdict.OK), verdicts(RoundTrips.embedded()));
    assertEquals(List.of(Verdict.OK), verdicts(RoundTrips.tcp()));
    assertEquals(List.of(Verdict.OK), verdicts(RoundTrips.shm(root)));
  }

  @Test
  void aFolderThatIsNotThereIsNoWayToShareMemory() {
    Path missing = root.resolve("missing").resolve("folder");
    assertEquals(List.of(Verdict.BROKEN), verdicts(RoundTrips.shm(missing)));
  }
}
