package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmaChecksTest {
  private static final long GIB = 1L << 30;
  private static final String NO_CAPABILITIES = "0000000000000000";
  private static final String ALL_CAPABILITIES = "000001ffffffffff";

  @TempDir Path root;
  private FakeSystem system;

  @BeforeEach
  void empty() {
    system = new FakeSystem(root);
  }

  private static Finding only(Check check) {
    List<Finding> found = check.examine();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }

  private static void assertFinds(Verdict verdict, Check check, String text, String remedy) {
    Finding finding = only(check);
    assertEquals(verdict, finding.verdict(), finding::toString);
    assertTrue(finding.text().contains(text), finding::toString);
    assertTrue(finding.remedy().orElse("").contains(remedy), finding::toString);
  }

  private RdmaDevicesCheck devices() {
    return new RdmaDevicesCheck(system.files());
  }

  private RdmaKernelCheck kernel() {
    return new RdmaKernelCheck(system.files());
  }

  private MemlockCheck memlock(String softLimit, String capabilities) {
    return new MemlockCheck(system.withMemlock(softLimit, capabilities).files(), GIB);
  }

  @Test
  void withoutADeviceSoftRoceOnALinkThatIsUpIsTheRemedy() {
    system.withLink("lo", "772", "unknown").withLink("ens3", "1", "up");
    assertFinds(Verdict.BROKEN, devices(), "no RDMA device", "rxe netdev ens3");
  }

  @Test
  void softRoceNamesTheGidOfItsAddress() {
    system.withRxe();
    assertFinds(Verdict.OK, devices(), "rxe0 port 1 is ACTIVE, RoCE", "");
    assertTrue(only(devices()).text().endsWith("10.0.2.15 is GID 1"), only(devices())::text);
  }

  @Test
  void aRoceCardUsesTheGidOfVersionTwo() {
    system.withRoceCard("4: ACTIVE");
    assertFinds(Verdict.OK, devices(), "100 Gb/sec (4X EDR), 10.0.2.15 is GID 3", "");
  }

  @Test
  void theAddressOfAPortThatCanBeUsedIsTried() {
    assertEquals(Optional.empty(), RdmaAddress.first(system.files()));
    system.withInfinibandCard("4: ACTIVE");
    assertEquals(Optional.empty(), RdmaAddress.first(system.files()));
    system.withRxe();
    assertEquals(Optional.of("10.0.2.15"), RdmaAddress.first(system.files()));
  }

  @Test
  void aRoceCardWithoutAnAddressCannotBeFound() {
    system.withRoceCardWithoutAddress();
    assertFinds(
        Verdict.BROKEN, devices(), "no IPv4 address", "ip address add ADDRESS/24 dev ens1f0");
  }

  @Test
  void anEthernetPortThatIsDownIsSetUp() {
    system.withRoceCard("1: DOWN");
    assertFinds(Verdict.BROKEN, devices(), "mlx5_0 port 1 is DOWN", "ip link set ens1f0 up");
  }

  @Test
  void onePortThatWorksIsEnough() {
    system.withRoceCard("4: ACTIVE").withInfinibandCard("1: DOWN");
    List<Verdict> verdicts = devices().examine().stream().map(Finding::verdict).toList();
    assertEquals(List.of(Verdict.OK, Verdict.ADVICE), verdicts);
  }

  @Test
  void infinibandNeedsAnIpInterface() {
    system.withInfinibandCard("4: ACTIVE");
    assertFinds(Verdict.BROKEN, devices(), "InfiniBand, 200 Gb/sec", "modprobe ib_ipoib");
    system.withIpOverInfiniband("down");
    assertFinds(Verdict.BROKEN, devices(), "ib0 is down", "ip link set ib0 up");
    system.withIpOverInfiniband("up");
    assertFinds(Verdict.OK, devices(), "IP over InfiniBand on ib0", "");
  }

  @Test
  void anInfinibandPortThatWaitsNeedsASubnetManager() {
    system.withInfinibandCard("2: INIT");
    assertFinds(Verdict.BROKEN, devices(), "mlx5_1 port 1 is INIT", "opensm");
  }

  @Test
  void modulesThatTheKernelHasAreLoaded() {
    system
        .with("proc/sys/kernel/osrelease", "6.1.0-50-amd64")
        .with(
            "lib/modules/6.1.0-50-amd64/modules.dep",
            "kernel/drivers/infiniband/core/ib_uverbs.ko: kernel/drivers/infiniband/core/ib_core.ko")
        .with("sys/module/ib_uverbs/refcnt", "0");
    assertFinds(Verdict.BROKEN, kernel(), "not loaded: rdma_ucm", "modprobe -a ib_uverbs rdma_ucm");
  }

  @Test
  void aKernelWithoutModulesIsReplaced() {
    system.with("proc/sys/kernel/osrelease", "6.18.1-small");
    assertFinds(Verdict.BROKEN, kernel(), "kernel 6.18.1-small does not have ib_uverbs", "boot");
  }

  @Test
  void theFileOfTheConnectionManagerIsNeeded() throws IOException {
    system.withRdmaKernel();
    assertFinds(Verdict.OK, kernel(), "are loaded", "");
    Files.delete(root.resolve("dev/infiniband/rdma_cm"));
    assertFinds(Verdict.BROKEN, kernel(), "no /dev/infiniband/rdma_cm", "rdma-core");
  }

  @Test
  void eachMissingLibraryIsNamed() {
    system.with("etc/libibverbs.d/mlx5.driver", "driver mlx5");
    assertFinds(
        Verdict.OK, new RdmaLibrariesCheck(system.files(), library -> true), "are there", "");
    assertFinds(
        Verdict.BROKEN,
        new RdmaLibrariesCheck(system.files(), library -> !library.startsWith("librdmacm")),
        "librdmacm.so.1 cannot be loaded",
        "apt-get install libibverbs1 librdmacm1 ibverbs-providers");
  }

  @Test
  void librariesWithoutDriversAreOfNoUse() {
    assertFinds(
        Verdict.BROKEN,
        new RdmaLibrariesCheck(system.files(), library -> true),
        "no drivers",
        "ibverbs-providers");
  }

  @Test
  void lockedMemoryMustHoldTheLocalMemory() {
    assertFinds(Verdict.OK, memlock("unlimited", NO_CAPABILITIES), "without limit", "");
    assertFinds(Verdict.OK, memlock(Long.toString(2 * GIB), NO_CAPABILITIES), "2 GiB", "");
    assertFinds(
        Verdict.BROKEN,
        memlock("8388608", NO_CAPABILITIES),
        "8 MiB of memory may be locked, and the heap's local memory is 1 GiB",
        "ulimit -l unlimited");
  }

  @Test
  void theCapabilityLiftsTheLimitOfLockedMemory() {
    assertFinds(Verdict.OK, memlock("8388608", ALL_CAPABILITIES), "CAP_IPC_LOCK", "");
    assertFinds(Verdict.OK, memlock("8388608", "0000000000004000"), "CAP_IPC_LOCK", "");
    assertEquals(Verdict.BROKEN, only(memlock("8388608", "0000000000008000")).verdict());
  }
}
