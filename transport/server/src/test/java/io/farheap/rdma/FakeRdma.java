package io.farheap.rdma;

import io.farheap.base.memory.NativeMemory;
import io.farheap.rdma.fabric.FakeNetwork;
import io.farheap.server.MemoryServer;
import io.farheap.server.RdmaServers;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.wire.RegisteredSlab;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Servers and clients on a {@link FakeNetwork}. */
final class FakeRdma {
  private static final int WRONG_KEY = 1;

  private FakeRdma() {}

  static MemoryServer serve(FakeNetwork network, long memoryBytes, long slabBytes) {
    return RdmaServers.start(config(memoryBytes, slabBytes), network.fabric());
  }

  static ServerConfig config(long memoryBytes, long slabBytes) {
    return config(0, memoryBytes, slabBytes);
  }

  static ServerConfig config(int port, long memoryBytes, long slabBytes) {
    return ServerConfig.insecure(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), memoryBytes, slabBytes);
  }

  static RdmaMemory open(FakeNetwork network, MemoryServer server, String settings) {
    Locator locator =
        Locator.parse("rdma://127.0.0.1:" + server.addresses().getFirst().getPort() + settings);
    SessionOptions options = SessionOptions.of(locator, TransportOptions.defaults());
    return RdmaMemory.open(options, network.fabric());
  }

  /** The same memory, with all memory of the process registered instead of what is named. */
  static FarMemory withAllRegistered(FarMemory memory) {
    MemorySegment all = NativeMemory.ALL;
    memory.registerLocal(all);
    return (FarMemory)
        Proxy.newProxyInstance(
            FarMemory.class.getClassLoader(),
            new Class<?>[] {FarMemory.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("registerLocal")) {
                return null;
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Submits a read of 8 bytes under a key that the server's device does not know. */
  static Transfer readByWrongKey(RdmaMemory memory, long id, long rawAddress) {
    RdmaSlab known = memory.control().find(id);
    RegisteredSlab where = new RegisteredSlab(known.remoteAddress(), WRONG_KEY, memory.slabBytes());
    Transfer transfer = new Transfer().read(id, 0, rawAddress, Long.BYTES);
    Operation operation = new Operation(transfer, null, memory.plane().counts());
    operation.aim(new RdmaSlab(id, 0, where), 0, Long.BYTES, false);
    operation.start(memory.server().lane());
    transfer.attachment(operation);
    transfer.start();
    memory.server().lane().submit(operation);
    return transfer;
  }
}
