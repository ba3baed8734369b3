package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The doctor's view of a machine with a real kernel and a real device. */
class DoctorGuestTest {

  @Test
  void everyTransportWorks() {
    Diagnosis diagnosis = Diagnosis.of(Checks.ofThisMachine());
    List<TransportKind> working =
        Arrays.stream(TransportKind.values()).filter(diagnosis::works).toList();
    assertEquals(List.of(TransportKind.values()), working, () -> DiagnosisText.lines(diagnosis));
    String text = DiagnosisText.lines(diagnosis);
    assertTrue(text.contains("rxe0 port 1 is ACTIVE, RoCE"), text);
    assertTrue(text.contains(System.getenv("GUEST_ADDRESS") + " is GID 1"), text);
    assertTrue(text.contains("wrote a page by RDMA"), text);
  }
}
