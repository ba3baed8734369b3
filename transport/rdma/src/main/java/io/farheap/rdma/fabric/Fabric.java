package io.farheap.rdma.fabric;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import java.net.InetSocketAddress;

/** Where queue pairs come from: the RDMA devices of this machine, or what stands for them. */
public interface Fabric extends AutoCloseable {

  /**
   * Connects a queue pair.
   *
   * @param server where a {@link Listener} is
   * @param secret what the listener's owner has given for this one connection
   * @param deadlineNanos a reading of {@link System#nanoTime}
   * @return a queue pair on which requests can be posted
   * @throws ConnectionLostException if nobody is there, or the secret is refused
   * @throws TransportTimeoutException if it was not connected in time
   * @throws TransportException if this machine lacks what it takes
   */
  QueuePair connect(InetSocketAddress server, byte[] secret, long deadlineNanos);

  /**
   * Listens for connection requests.
   *
   * @param address an address of an RDMA device of this machine; port 0 means any free one
   * @return a listener
   * @throws TransportException if that address is taken, or no device's
   */
  Listener listen(InetSocketAddress address);

  /** Gives everything back; queue pairs and listeners were closed before. */
  @Override
  void close();
}
