package io.farheap.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TransferTest {
  private final TransportException failure = new TransportException("test");

  private Transfer in(int state) {
    Transfer transfer = new Transfer();
    if (state != Transfer.IDLE) {
      transfer.start();
    }
    if (state == Transfer.DONE) {
      transfer.complete();
    } else if (state == Transfer.FAILED) {
      transfer.fail(failure);
    }
    assertEquals(state, transfer.state());
    return transfer;
  }

  @Test
  void everyOtherChangeOfStateIsRefused() {
    Map<Consumer<Transfer>, Set<Integer>> allowed =
        Map.of(
            t -> t.read(1, 2, 3, 4),
            Set.of(Transfer.IDLE, Transfer.DONE, Transfer.FAILED),
            t -> t.write(1, 2, 3, 4),
            Set.of(Transfer.IDLE, Transfer.DONE, Transfer.FAILED),
            Transfer::start,
            Set.of(Transfer.IDLE),
            Transfer::complete,
            Set.of(Transfer.IN_FLIGHT),
            Transfer::completeInSubmit,
            Set.of(Transfer.IN_FLIGHT),
            t -> t.fail(failure),
            Set.of(Transfer.IN_FLIGHT),
            Transfer::requireSubmitted,
            Set.of(Transfer.IN_FLIGHT, Transfer.DONE, Transfer.FAILED));
    for (Map.Entry<Consumer<Transfer>, Set<Integer>> change : allowed.entrySet()) {
      for (int state : List.of(Transfer.IDLE, Transfer.IN_FLIGHT, Transfer.DONE, Transfer.FAILED)) {
        Transfer transfer = in(state);
        if (change.getValue().contains(state)) {
          change.getKey().accept(transfer);
        } else {
          assertThrows(IllegalStateException.class, () -> change.getKey().accept(transfer));
          assertEquals(state, transfer.state());
        }
      }
    }
  }

  @Test
  void carriesTheRequest() {
    Transfer transfer = new Transfer();
    assertSame(transfer, transfer.write(1, 2, 3, 4));
    assertTrue(transfer.isWrite());
    assertEquals(1, transfer.slab());
    assertEquals(2, transfer.slabOffset());
    assertEquals(3, transfer.rawAddress());
    assertEquals(4, transfer.lengthBytes());
    assertFalse(transfer.read(5, 6, 7, 8).isWrite());
    assertEquals(5, transfer.slab());
    assertEquals("read[slab=5 slabOffset=6 rawAddress=0x7 lengthBytes=8 IDLE]", transfer + "");
    transfer.dueNanos(9);
    transfer.attachment("kept");
    assertEquals(9, transfer.dueNanos());
    assertEquals("kept", transfer.attachment());
  }

  @Test
  void failureIsSeenOnlyWhileFailed() {
    Transfer transfer = in(Transfer.FAILED);
    assertSame(failure, transfer.failure());
    assertTrue(transfer.isComplete());
    assertFalse(transfer.isDone());
    transfer.read(0, 0, 0, 0);
    assertNull(transfer.failure());
    transfer.start();
    assertThrows(IllegalArgumentException.class, () -> transfer.fail(null));
    transfer.complete();
    assertTrue(transfer.isDone());
    assertNull(transfer.failure());
  }
}
