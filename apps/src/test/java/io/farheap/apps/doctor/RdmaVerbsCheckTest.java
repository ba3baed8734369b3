package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.rdma.verbs.DeviceAttributes;
import io.farheap.rdma.verbs.Devices;
import io.farheap.rdma.verbs.PortAttributes;
import io.farheap.rdma.verbs.VerbsUnavailableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RdmaVerbsCheckTest {

  private static Devices.Device device(int mtuBytes, boolean windows) {
    DeviceAttributes attributes =
        new DeviceAttributes(
            "22.35",
            1,
            -1,
            1 << 20,
            1 << 15,
            30,
            1 << 20,
            16,
            16,
            DeviceAttributes.Atomics.DEVICE,
            1 << 20,
            windows,
            1);
    PortAttributes port =
        new PortAttributes(
            1, PortAttributes.State.ACTIVE, mtuBytes, 4096, 8, PortAttributes.Link.ETHERNET);
    return new Devices.Device("mlx5_0", attributes, List.of(port), List.of(List.of()));
  }

  private static List<Finding> examine(Devices.Device... devices) {
    return new RdmaVerbsCheck(() -> List.of(devices)).examine();
  }

  @Test
  void aDeviceThatOpensSaysWhatItCan() {
    List<Finding> found = examine(device(4096, true));
    assertEquals(1, found.size(), found::toString);
    assertEquals(Verdict.OK, found.getFirst().verdict());
    assertEquals(
        "mlx5_0 opens: 16 READs at a time, atomics: device, regions of any size",
        found.getFirst().text());
  }

  @Test
  void shortPacketsAndMissingWindowsAreWorthAdvice() {
    List<Finding> found = examine(device(1024, false));
    assertEquals(
        List.of(Verdict.OK, Verdict.ADVICE, Verdict.ADVICE),
        found.stream().map(Finding::verdict).toList());
    assertTrue(found.getLast().text().contains("1024 bytes"), found::toString);
    assertTrue(found.getLast().remedy().orElseThrow().contains("mtu 9000"), found::toString);
  }

  @Test
  void noDeviceAndNoLibraryAreBroken() {
    assertEquals(Verdict.BROKEN, examine().getFirst().verdict());
    RdmaVerbsCheck missing =
        new RdmaVerbsCheck(
            () -> {
              throw new VerbsUnavailableException("libibverbs.so.1 is missing");
            });
    assertEquals(
        List.of(Verdict.BROKEN), missing.examine().stream().map(Finding::verdict).toList());
    assertTrue(missing.examine().getFirst().text().contains("libibverbs.so.1"));
  }
}
