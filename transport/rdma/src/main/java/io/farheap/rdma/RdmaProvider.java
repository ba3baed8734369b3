package io.farheap.rdma;

import io.farheap.rdma.fabric.VerbsFabric;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;
import io.farheap.transport.session.SessionOptions;
import java.util.Set;

/**
 * Serves {@code rdma://HOST:PORT} locators: the place and the settings are those of {@code tcp:},
 * and {@code rdma-provider} chooses an implementation of the verbs.
 */
public final class RdmaProvider implements TransportProvider {
  private static final String PROVIDER = "rdma-provider";

  /** Creates the provider; called by the service loader. */
  public RdmaProvider() {}

  @Override
  public String scheme() {
    return "rdma";
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    SessionOptions control = SessionOptions.of(locator, options, Set.of(PROVIDER));
    String provider =
        locator.settings().asMap().getOrDefault(PROVIDER, VerbsFabric.DEFAULT_PROVIDER);
    return RdmaMemory.open(control, VerbsFabric.open(provider));
  }
}
