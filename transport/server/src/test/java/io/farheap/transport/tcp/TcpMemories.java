package io.farheap.transport.tcp;

import io.farheap.transport.session.SessionOptions;

/** Opens far memory over surroundings of a test's own. */
public final class TcpMemories {
  private TcpMemories() {}

  /** Connects to a server. */
  public static TcpMemory open(SessionOptions options) {
    return TcpMemory.open(options);
  }
}
