package io.farheap.transport.pool;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;
import java.util.Set;

/**
 * Serves locators of several places, such as {@code tcp://HOST:PORT,HOST:PORT}, which is short for
 * {@code pool::tcp://HOST:PORT,HOST:PORT}.
 */
public final class PoolProvider implements TransportProvider {
  private static final String SCHEME = "pool";

  /** Creates the provider; called by the service loader. */
  public PoolProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    Locator members = locator;
    if (locator.scheme().equals(SCHEME)) {
      locator.settings().requireOnly(Set.of());
      members =
          locator
              .inner()
              .orElseThrow(
                  () ->
                      new LocatorException(
                          locator + " wraps nothing; write pool::tcp://HOST:PORT,HOST:PORT"));
    }
    return PoolMemory.open(members.each(), options);
  }
}
