package io.farheap.rdma.fabric;

import io.farheap.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where queue pairs of other processes are let in, or not. */
public interface Listener extends AutoCloseable {

  /** Something that has happened. */
  sealed interface Event permits Knock, Departure {}

  /** Somebody asks to be let in. It waits until one of the two methods is called. */
  non-sealed interface Knock extends Event {
    /**
     * What he knows.
     *
     * @return the private data of the connection request, at least as long as what was given
     */
    byte[] secret();

    /**
     * Lets him in.
     *
     * @param domain whose registrations he reaches
     * @return the queue pair on this side
     * @throws TransportException if he has gone, or a queue pair cannot be had
     */
    Peer accept(Domain domain);

    /** Sends him away. */
    void refuse();
  }

  /**
   * A peer has left; close it.
   *
   * @param peer one that was accepted
   */
  record Departure(Peer peer) implements Event {}

  /** This side of a queue pair. */
  interface Peer extends AutoCloseable {
    /** Ends it: after this returns nothing that came on it is carried out any more. Idempotent. */
    @Override
    void close();
  }

  /**
   * Where it listens.
   *
   * @return the address, with the port that was chosen
   */
  InetSocketAddress address();

  /**
   * Whether the device has compare-and-swap and fetch-and-add.
   *
   * @return true if it has
   */
  boolean hasAtomics();

  /**
   * Makes a domain on the listener's device.
   *
   * @return a new domain
   * @throws TransportException if the device has none left
   */
  Domain newDomain();

  /**
   * Waits for what happens next. Called by one thread.
   *
   * @param timeoutNanos how long at most
   * @return what has happened, or empty
   * @throws TransportException if the device is gone
   */
  Optional<Event> next(long timeoutNanos);

  /** Listens no more; peers and domains were closed before, and nobody is in {@link #next}. */
  @Override
  void close();
}
