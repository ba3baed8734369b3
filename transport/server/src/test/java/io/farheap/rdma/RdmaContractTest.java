package io.farheap.rdma;

import io.farheap.rdma.fabric.FakeNetwork;
import io.farheap.server.MemoryServer;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contract over a network of fake devices. */
class RdmaContractTest {
  private static final long SEED = 5;

  @Nested
  class Buffered extends FarMemoryThreadsContract {
    private final FakeNetwork network = new FakeNetwork(SEED);
    private MemoryServer server;

    @Override
    protected FarMemory open(TransportOptions options) {
      server = FakeRdma.serve(network, options.capacityBytes(), options.slabBytes());
      return FakeRdma.open(network, server, "");
    }

    @AfterEach
    void stop() {
      memory.close();
      server.close();
    }
  }

  @Nested
  class Registered extends FarMemoryThreadsContract {
    private final FakeNetwork network = new FakeNetwork(SEED);
    private MemoryServer server;

    @Override
    protected FarMemory open(TransportOptions options) {
      server = FakeRdma.serve(network, options.capacityBytes(), options.slabBytes());
      return FakeRdma.withAllRegistered(FakeRdma.open(network, server, "?connections=1"));
    }

    @AfterEach
    void stop() {
      memory.close();
      server.close();
    }
  }
}
