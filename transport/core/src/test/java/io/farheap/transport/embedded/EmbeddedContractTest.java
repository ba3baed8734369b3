package io.farheap.transport.embedded;

import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import org.junit.jupiter.api.Nested;

/** The contract for each way in which embedded memory can run. */
class EmbeddedContractTest {

  @Nested
  class Immediate extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("embedded:", options);
    }
  }

  @Nested
  class WithLatency extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("embedded:?latency=5us&nanosPerByte=0.125", options);
    }
  }

  @Nested
  class WithThread extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("embedded:?thread=true", options);
    }
  }

  @Nested
  class WithThreadAndLatency extends FarMemoryThreadsContract {
    @Override
    protected FarMemory open(TransportOptions options) {
      return Transports.open("embedded:?thread=true&latency=5us", options);
    }
  }
}
