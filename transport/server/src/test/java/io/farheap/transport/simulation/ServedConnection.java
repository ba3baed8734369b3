package io.farheap.transport.simulation;

import io.farheap.transport.wire.FrameChecker;
import io.netty.channel.embedded.EmbeddedChannel;

/** The server's end of a connection. */
final class ServedConnection {
  private final Connection connection;
  private final EmbeddedChannel channel;
  private final FrameChecker replies = FrameChecker.ofReplies();
  private ServerTruth.LeaseTruth lease;

  ServedConnection(Connection connection, EmbeddedChannel channel) {
    this.connection = connection;
    this.channel = channel;
  }

  Connection connection() {
    return connection;
  }

  ClientProcess client() {
    return connection.client();
  }

  EmbeddedChannel channel() {
    return channel;
  }

  /** Checks what the server sends. */
  FrameChecker replies() {
    return replies;
  }

  /** The lease to which it is attached, or null. */
  ServerTruth.LeaseTruth lease() {
    return lease;
  }

  void lease(ServerTruth.LeaseTruth attached) {
    lease = attached;
  }
}
