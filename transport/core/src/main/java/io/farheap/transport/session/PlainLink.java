package io.farheap.transport.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A link without TLS. */
record PlainLink(SocketChannel channel) implements Link {
  @Override
  public int read(ByteBuffer to) throws IOException {
    return channel.read(to);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    channel.write(from);
  }

  @Override
  public boolean hasUnsent() {
    return false;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The connection is given up either way; the system frees it with the process at the latest.
      assert !channel.isOpen();
    }
  }
}
