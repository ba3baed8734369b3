package io.farheap.transport.rdma.fabric;

import io.farheap.transport.TransportException;

/** The RDMA devices of this machine. */
public final class VerbsFabric {
  /** The provider that needs nothing but the system's libraries. */
  public static final String DEFAULT_PROVIDER = "farheap";

  private VerbsFabric() {}

  /**
   * Opens the devices.
   *
   * @param provider which implementation of the verbs is used, for example {@code farheap}
   * @return the fabric
   * @throws TransportException if it cannot be had
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static Fabric open(String provider) {
    throw new TransportException("no verbs in this build: " + provider);
  }
}
