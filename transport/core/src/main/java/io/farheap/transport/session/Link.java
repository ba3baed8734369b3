package io.farheap.transport.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connected stream of bytes that never blocks. At most one thread reads at a time and at most one
 * writes; they may be different ones.
 */
public interface Link {

  /**
   * Reads what is there.
   *
   * @param to where to put it
   * @return bytes read, 0 if there are none now, -1 at the end of the stream
   * @throws IOException if the connection is lost
   */
  int read(ByteBuffer to) throws IOException;

  /**
   * Writes what the system takes.
   *
   * @param from what is left in it was not taken
   * @throws IOException if the connection is lost
   */
  void write(ByteBuffer from) throws IOException;

  /**
   * Whether there is more to write.
   *
   * @return true if something that {@link #write} took has not been given to the system yet
   */
  boolean hasUnsent();

  /**
   * What it goes by.
   *
   * @return the channel, to see whether it is ready; null if there is none
   */
  SocketChannel channel();

  /** Ends the connection at once. */
  void close();
}
