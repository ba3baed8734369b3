package io.farheap.rdma.fabric;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.impl.NatObject;
import io.farheap.rdma.verbs.VerbsProvider;
import io.farheap.transport.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The RDMA devices of this machine, by DiSNI's verbs. */
public final class VerbsFabric implements Fabric {
  /** The provider that needs nothing but the system's libraries. */
  public static final String DEFAULT_PROVIDER = "farheap";

  private final VerbsProvider provider;

  /** The domains of this process's own queue pairs, by the library's handles of devices. */
  private final Map<Long, VerbsDomain> domains = new HashMap<>();

  private VerbsFabric(VerbsProvider provider) {
    this.provider = provider;
  }

  /**
   * Opens the devices.
   *
   * @param provider which implementation of the verbs is used, for example {@code farheap}
   * @return the fabric
   * @throws TransportException if there is no such implementation, or its libraries are missing
   */
  public static Fabric open(String provider) {
    VerbsProvider verbs = VerbsProvider.named(provider);
    verbs.install();
    return new VerbsFabric(verbs);
  }

  @Override
  public QueuePair connect(InetSocketAddress server, byte[] secret, long deadlineNanos) {
    return VerbsConnector.connect(this, server, secret, deadlineNanos);
  }

  @Override
  public Listener listen(InetSocketAddress address) {
    if (provider != VerbsProvider.FARHEAP) {
      throw new TransportException(
          "a server cannot use rdma-provider="
              + provider.settingName()
              + ": it does not hear what clients send with their connection requests; use "
              + DEFAULT_PROVIDER);
    }
    return VerbsListener.listen(address);
  }

  /** The domain of a device, the same one each time. */
  synchronized VerbsDomain domain(IbvContext context) throws IOException {
    long device = ((NatObject) context).getObjId();
    VerbsDomain domain = domains.get(device);
    if (domain == null) {
      domain = new VerbsDomain(context.allocPd());
      domains.put(device, domain);
    }
    return domain;
  }

  /** The failure of a verb. */
  static TransportException failure(String what, IOException cause) {
    return new TransportException("RDMA: " + what + " (" + cause.getMessage() + ")", cause);
  }

  @Override
  public synchronized void close() {
    domains.values().forEach(VerbsDomain::close);
    domains.clear();
  }
}
