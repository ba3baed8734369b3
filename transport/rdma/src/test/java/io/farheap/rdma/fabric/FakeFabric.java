package io.farheap.rdma.fabric;

import java.net.InetSocketAddress;

/** One process's one device. */
final class FakeFabric implements Fabric {
  private final FakeNetwork network;
  private final FakeDomain domain;

  FakeFabric(FakeNetwork network) {
    this.network = network;
    this.domain = new FakeDomain(network);
  }

  @Override
  public QueuePair connect(InetSocketAddress server, byte[] secret, long deadlineNanos) {
    FakeListener listener = network.find(server);
    FakeQueuePair pair = new FakeQueuePair(network, domain);
    pair.connected(listener.knock(pair, secret, deadlineNanos));
    network.opened(pair);
    return pair;
  }

  @Override
  public Listener listen(InetSocketAddress address) {
    return network.listen(address);
  }

  @Override
  public void close() {
    domain.close();
  }
}
