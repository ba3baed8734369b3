package io.farheap.rdma;

import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The contract over real verbs, to a server in another process. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RdmaContractGuestTest extends FarMemoryThreadsContract {
  private static GuestServer server;

  @BeforeAll
  static void startServer() {
    GuestServer.requireDevice();
    server = GuestServer.start((long) SLABS * SLAB_BYTES, SLAB_BYTES);
  }

  @Override
  protected FarMemory open(TransportOptions options) {
    return server.open("");
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }
}
