package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DoctorGuestTest {
  @Test
  void there() {
    assertTrue(Files.exists(Path.of("/sys/class/infiniband/rxe0")));
  }
}
