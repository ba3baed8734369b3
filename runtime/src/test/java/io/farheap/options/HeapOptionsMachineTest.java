package io.farheap.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapOptionsMachineTest {
  private static final long GIB = 1L << 30;
  private static final long FALLBACK = 3 * GIB;

  @TempDir private Path root;

  @BeforeEach
  void sixteenGib() throws IOException {
    write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1048576 kB\n");
  }

  @Test
  void withoutCgroupsItIsTheMachinesMemory() {
    assertEquals(new HeapOptionsMachine(16 * GIB, "this machine's memory", 2), detect());
  }

  @Test
  void withoutFilesItIsTheFallback() throws IOException {
    Files.delete(root.resolve("proc/meminfo"));
    assertEquals(FALLBACK, detect().memoryBytes());
  }

  @Test
  void versionTwoLimitsIt() throws IOException {
    write("proc/self/cgroup", "0::/user/app\n");
    write("sys/fs/cgroup/user/app/memory.max", (2 * GIB) + "\n");
    assertEquals(new HeapOptionsMachine(2 * GIB, "the cgroup's limit", 2), detect());
  }

  @Test
  void aParentsTighterLimitHolds() throws IOException {
    write("proc/self/cgroup", "0::/user/app\n");
    write("sys/fs/cgroup/user/app/memory.max", "max\n");
    write("sys/fs/cgroup/user/memory.max", (5 * GIB) + "\n");
    assertEquals(5 * GIB, detect().memoryBytes());
  }

  @Test
  void aContainerSeesOnlyTheRootOfItsMount() throws IOException {
    write("proc/self/cgroup", "0::/../../docker/0123\n");
    write("sys/fs/cgroup/memory.max", GIB + "\n");
    assertEquals(GIB, detect().memoryBytes());
  }

  @Test
  void versionOneLimitsIt() throws IOException {
    write("proc/self/cgroup", "5:cpu,cpuacct:/\n4:hugetlb,memory:/app\n");
    write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", (4 * GIB) + "\n");
    assertEquals(4 * GIB, detect().memoryBytes());
  }

  @Test
  void noLimitInEitherVersionIsTheMachine() throws IOException {
    write("proc/self/cgroup", "4:memory:/app\n0::/app\n");
    write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/app/memory.max", "max\n");
    assertEquals(16 * GIB, detect().memoryBytes());
  }

  @Test
  void nonsenseIsNoLimit() throws IOException {
    write("proc/self/cgroup", "nonsense\n0::/app\n");
    write("sys/fs/cgroup/app/memory.max", "-12\n");
    assertEquals(16 * GIB, detect().memoryBytes());
  }

  @Test
  void thisMachineHasMemory() {
    assertTrue(HeapOptionsMachine.detect().memoryBytes() > 0);
    assertTrue(HeapOptionsMachine.detect().processors() > 0);
  }

  private HeapOptionsMachine detect() {
    return HeapOptionsMachine.detect(root, FALLBACK, 2);
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
