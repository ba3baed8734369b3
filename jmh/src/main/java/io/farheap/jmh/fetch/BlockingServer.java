package io.farheap.jmh.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The simplest thing: one client, one thread, blocking reads and writes. It answers as {@link
 * EchoServer} does.
 */
public final class BlockingServer {
  private static final int MAX_REPLY_BYTES = 64 << 10;

  private BlockingServer() {}

  /**
   * Serves one client until it goes.
   *
   * @param arguments none
   * @throws IOException if the connection fails
   */
  public static void main(String[] arguments) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      System.out.println("listening on " + listener.getLocalAddress());
      try (SocketChannel client = listener.accept()) {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        serve(client);
      }
    }
  }

  private static void serve(SocketChannel client) throws IOException {
    ByteBuffer request =
        ByteBuffer.allocateDirect(RoundTrips.REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer reply = ByteBuffer.allocateDirect(MAX_REPLY_BYTES);
    while (client.read(request) >= 0) {
      if (!request.hasRemaining()) {
        reply.clear().limit(request.getInt(0));
        while (reply.hasRemaining()) {
          client.write(reply);
        }
        request.clear();
      }
    }
  }
}
