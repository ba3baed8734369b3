package io.farheap.testing.faulty;

import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import org.junit.jupiter.api.Nested;

/** Without faults, and with those that no caller may notice, the contract holds unchanged. */
class FaultyContractTest {

  @Nested
  class WithoutFaults extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("faulty::embedded:", options);
    }
  }

  @Nested
  class WithoutFaultsOnAThread extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("faulty::embedded:?thread=true", options);
    }
  }

  @Nested
  class DelayingAndReordering extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("faulty:seed=3&delay=0.4&reorder=0.4:embedded:", options);
    }
  }
}
