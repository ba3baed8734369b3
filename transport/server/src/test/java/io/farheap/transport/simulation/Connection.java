package io.farheap.transport.simulation;

import io.farheap.transport.session.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection between a client and the server: the client's end is a {@link Link}. */
final class Connection implements Link {
  private final World world;
  private final ClientProcess client;
  private final Stream toServer;
  private final Stream toClient;
  private long heldUntilNanos;
  private boolean closed;

  Connection(World world, long delayNanos, ClientProcess client, ServerProcess server) {
    this.world = world;
    this.client = client;
    this.toServer =
        new Stream(
            world,
            delayNanos,
            new Stream.Receiver() {
              @Override
              public long reachableAt() {
                return Math.max(reachableFrom(), server.stoppedUntil());
              }

              @Override
              public void ready() {
                server.ready(Connection.this);
              }
            });
    this.toClient =
        new Stream(
            world,
            delayNanos,
            new Stream.Receiver() {
              @Override
              public long reachableAt() {
                return Math.max(reachableFrom(), client.stoppedUntil());
              }

              @Override
              public void ready() {
                client.ready();
              }
            });
  }

  ClientProcess client() {
    return client;
  }

  Stream toServer() {
    return toServer;
  }

  Stream toClient() {
    return toClient;
  }

  private long reachableFrom() {
    return Math.max(client.unreachableUntil(), heldUntilNanos);
  }

  /** What is under way arrives later, perhaps when other connections have taken its place. */
  void holdFor(long nanos) {
    heldUntilNanos = world.now() + nanos;
  }

  /** The connection breaks, in the middle of whatever is under way. */
  void cut() {
    toServer.cut();
    toClient.cut();
  }

  /** Nothing goes through any more. */
  void silence() {
    toServer.silence();
    toClient.silence();
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    requireOpen();
    if (!to.hasRemaining()) {
      return 0;
    }
    byte[] bytes = toClient.take(to.remaining());
    if (bytes == null) {
      return 0;
    }
    to.put(bytes);
    return bytes.length == 0 ? -1 : bytes.length;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    requireOpen();
    int length = Math.min(from.remaining(), toServer.room());
    if (length > 1 && world.chance(8)) {
      length = (int) world.between(0, length);
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    toServer.send(bytes);
    if (from.hasRemaining()) {
      world.count("partial write");
      client.ready();
    }
  }

  boolean isClosed() {
    return closed;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the connection is closed");
    }
  }

  @Override
  public boolean hasUnsent() {
    return false;
  }

  /** None: there is no socket. */
  @Override
  public SocketChannel channel() {
    return null;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      // What was written still arrives, perhaps not all of it.
      if (world.chance(2)) {
        toServer.end();
      } else {
        toServer.cut();
      }
    }
  }
}
