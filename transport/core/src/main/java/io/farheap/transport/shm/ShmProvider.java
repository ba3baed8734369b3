package io.farheap.transport.shm;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;
import io.farheap.transport.session.SessionOptions;

/** Serves {@code shm://HOST:PORT} locators, whose settings are those of {@code tcp:}. */
public final class ShmProvider implements TransportProvider {

  /** Creates the provider; called by the service loader. */
  public ShmProvider() {}

  @Override
  public String scheme() {
    return "shm";
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    return ShmMemory.open(SessionOptions.of(locator, options));
  }
}
