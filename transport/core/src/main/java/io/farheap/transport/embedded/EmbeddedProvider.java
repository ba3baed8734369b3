package io.farheap.transport.embedded;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;

/** Serves {@code embedded:} locators. */
public final class EmbeddedProvider implements TransportProvider {

  /** Creates the provider; called by the service loader. */
  public EmbeddedProvider() {}

  @Override
  public String scheme() {
    return "embedded";
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    return new EmbeddedMemory(EmbeddedOptions.of(locator, options));
  }
}
