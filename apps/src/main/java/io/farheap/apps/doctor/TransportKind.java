package io.farheap.apps.doctor;

import java.util.Locale;

/** The ways to far memory. */
public enum TransportKind {
  /** In the heap's own process. */
  EMBEDDED,

  /** On a memory server, over TCP. */
  TCP,

  /** On a memory server of the same machine, as shared memory. */
  SHM,

  /** On a memory server, by RDMA. */
  RDMA;

  /**
   * The scheme of its locators.
   *
   * @return for example {@code tcp}
   */
  public String scheme() {
    return name().toLowerCase(Locale.ROOT);
  }
}
