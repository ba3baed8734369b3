package io.farheap.transport.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connected stream of bytes that never blocks. At most one thread reads at a time and at most one
 * writes; they may be different ones.
 */
interface Link {

  /**
   * Reads what is there.
   *
   * @return bytes read, 0 if there are none now, -1 at the end of the stream
   */
  int read(ByteBuffer to) throws IOException;

  /** Writes what the system takes; what is left in the buffer was not taken. */
  void write(ByteBuffer from) throws IOException;

  /** Whether something that {@link #write} took has not been given to the system yet. */
  boolean hasUnsent();

  /** The channel, for readiness only. */
  SocketChannel channel();

  /** Ends the connection at once. */
  void close();
}
