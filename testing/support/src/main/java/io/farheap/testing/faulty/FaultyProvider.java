package io.farheap.testing.faulty;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportProvider;
import io.farheap.transport.Transports;

/** Serves {@code faulty:} locators, which wrap another one. */
public final class FaultyProvider implements TransportProvider {

  /** Creates the provider; called by the service loader. */
  public FaultyProvider() {}

  @Override
  public String scheme() {
    return "faulty";
  }

  @Override
  public FarMemory open(Locator locator, TransportOptions options) {
    FaultPlan plan = FaultPlan.of(locator);
    Locator inner =
        locator
            .inner()
            .orElseThrow(
                () ->
                    new LocatorException(
                        locator + ": wraps nothing; write faulty:seed=42&drop=0.01:embedded:"));
    return new FaultyMemory(Transports.open(inner, options), plan, options.clock());
  }
}
