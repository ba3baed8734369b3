package io.farheap.transport.tcp;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;

/** Serves {@code tcp://} locators. */
public final class TcpProvider implements TransportProvider {

  /** Creates the provider; called by the service loader. */
  public TcpProvider() {}

  @Override
  public String scheme() {
    return "tcp";
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    return TcpMemory.open(locator, options);
  }
}
