package io.farheap.jmh.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** The simplest thing on the client's side: writes a request and reads until the reply is there. */
public final class BlockingClient implements RoundTrips {
  private static final int MAX_REPLY_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final ByteBuffer request =
      ByteBuffer.allocateDirect(REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer reply = ByteBuffer.allocateDirect(MAX_REPLY_BYTES);

  /**
   * Connects.
   *
   * @param port of a {@link BlockingServer}
   */
  public BlockingClient(int port) {
    try {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void oneAtATime(int replyBytes, long[] nanos) {
    try {
      for (int i = 0; i < nanos.length; i++) {
        long sentNanos = System.nanoTime();
        roundTrip(replyBytes);
        nanos[i] = System.nanoTime() - sentNanos;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void roundTrip(int replyBytes) throws IOException {
    request.clear().putInt(0, replyBytes);
    while (request.hasRemaining()) {
      channel.write(request);
    }
    reply.clear().limit(replyBytes);
    while (reply.hasRemaining()) {
      if (channel.read(reply) < 0) {
        throw new EOFException("the server has gone");
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
