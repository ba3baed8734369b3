package io.farheap.transport.session;

import io.farheap.transport.AuthenticationException;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.slab.Slab;
import io.farheap.transport.slab.SlabTable;
import io.farheap.transport.slab.TransferCounts;
import io.farheap.transport.wire.FunctionCall;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.ServerFigures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Everything about a memory server but the bytes: its lease, its slabs, its functions. Providers of
 * all kinds have one, each with its own way to the bytes.
 *
 * @param <S> what the provider knows of a slab
 */
public final class ServerControl<S extends ServerSlab> implements AutoCloseable {
  private static final byte[] NOTHING = new byte[0];

  /**
   * Makes what a provider knows of a slab.
   *
   * @param <S> its type
   */
  public interface SlabCreation<S> {
    /**
     * Called for a slab that the server has just allocated; if this throws, it is given back.
     *
     * @param id the id by which the application knows it
     * @param wireId the id by which the server knows it
     * @param where how it is reached without the server, in the server's words
     * @param slabBytes its size
     * @return a slab of that id
     * @throws TransportException if it cannot be reached that way
     */
    S create(long id, long wireId, ByteBuffer where, long slabBytes);
  }

  private final SessionOptions options;
  private final SlabCreation<S> creation;
  private final ServerSession session;
  private final SlabTable<S> slabs = new SlabTable<>(SlabTable.MAX_PLACES);
  private volatile boolean closed;

  private ServerControl(SessionOptions options, long features, SlabCreation<S> creation) {
    this.options = options;
    this.creation = creation;
    this.session = new ServerSession(options, features, this::loseSlabs);
  }

  /**
   * Attaches to a server.
   *
   * @param options how it is reached
   * @param features what it must have, as bits of {@link Protocol}
   * @param creation makes what is known of its slabs
   * @param <S> the type of that
   * @return an open control
   * @throws AuthenticationException if one side does not accept the other
   * @throws ConnectionLostException if it cannot be reached
   * @throws TransportException if it lacks a feature
   */
  public static <S extends ServerSlab> ServerControl<S> open(
      SessionOptions options, long features, SlabCreation<S> creation) {
    ServerControl<S> control = new ServerControl<>(options, features, creation);
    boolean opened = false;
    try {
      control.session.start();
      control.session.connect();
      opened = true;
      return control;
    } catch (IOException e) {
      throw new ConnectionLostException(
          "the memory server "
              + options.server()
              + " cannot be reached ("
              + Presence.text(e)
              + "); check that it runs, and its address");
    } finally {
      if (!opened) {
        control.close();
      }
    }
  }

  private void loseSlabs() {
    slabs.all().forEach(Slab::lose);
  }

  /**
   * The connections to the server.
   *
   * @return the session
   */
  public ServerSession session() {
    return session;
  }

  /**
   * How the server is reached.
   *
   * @return what this was opened with
   */
  public SessionOptions options() {
    return options;
  }

  /**
   * Size of every slab.
   *
   * @return bytes
   */
  public long slabBytes() {
    return session.attached().slabBytes();
  }

  /**
   * Whether this was closed.
   *
   * @return true for good once it was
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * The slab of an id.
   *
   * @param id any number
   * @return the slab, or null if it is not allocated
   */
  public S find(long id) {
    return slabs.find(id);
  }

  /**
   * Allocates a slab.
   *
   * @return the slab
   * @throws FarMemoryFullException if the server has none for this client
   * @throws TransportException if the server cannot be asked, or the slab not be reached
   */
  public S allocate() {
    requireOpen();
    ServerSession.Allocated allocated = session.allocate();
    long wireId = allocated.wireId();
    S slab = null;
    try {
      slab =
          slabs.add(
              id -> creation.create(id, wireId, ByteBuffer.wrap(allocated.where()), slabBytes()));
    } finally {
      if (slab == null && !closed) {
        session.release(wireId, null);
      }
    }
    if (slab == null) {
      throw closed
          ? Refusals.closed()
          : new FarMemoryFullException(
              "there are " + SlabTable.MAX_PLACES + " slabs; release some");
    }
    // Whoever told the slabs of the loss may have come too early for this one.
    if (session.isLost(allocated.lease())) {
      slab.lose();
    }
    return slab;
  }

  /**
   * Gives a slab back.
   *
   * @param id its id
   * @throws RequestRefusedException if it is not allocated
   * @throws TransportException if the server cannot be asked
   */
  public void release(long id) {
    requireOpen();
    S slab = slabs.find(id);
    if (slab == null) {
      throw Refusals.notAllocated("slab " + id);
    }
    // What is lost has been taken back by its server.
    if (!slab.isLost()) {
      release(slab);
    }
    slabs.remove(slab);
  }

  private void release(S slab) {
    try {
      session.release(slab.wireId(), slab);
    } catch (RequestRefusedException e) {
      slabs.remove(slab);
      throw e;
    } catch (SlabLostException e) {
      assert slab.isLost();
    }
  }

  /**
   * Asks the server something that concerns no slab; may be asked again if a connection is lost.
   *
   * @param opcode what is asked
   * @param subject the request's subject
   * @return the reply's payload
   * @throws RequestRefusedException if the server refuses
   * @throws ConnectionLostException if it is away for too long
   * @throws TransportTimeoutException if it does not answer in time
   */
  public ByteBuffer ask(Opcode opcode, long subject) {
    return ask(opcode, subject, NOTHING, session.timeoutNanos());
  }

  private ByteBuffer ask(Opcode opcode, long subject, byte[] payload, long timeoutNanos) {
    requireOpen();
    return ByteBuffer.wrap(
        session.ask(opcode, subject, payload, null, timeoutNanos).replyPayload());
  }

  /**
   * Calls a function on the server.
   *
   * @param function its name
   * @param argument its argument; not kept
   * @param timeoutNanos how long to wait for the result
   * @return its result
   * @throws ConnectionLostException if the connection is lost meanwhile; the function may or may
   *     not have been called
   * @throws TransportException what the server answers instead, or that it does not in time
   */
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(argument, "argument");
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("timeoutNanos=" + timeoutNanos + ": choose more than 0");
    }
    byte[] payload = new FunctionCall(function, argument).encode();
    if (payload.length > Protocol.MAX_PAYLOAD_BYTES) {
      throw new RequestRefusedException(
          "an argument of " + argument.length + " bytes; choose less than 256 KiB");
    }
    return ask(Opcode.CALL, 0, payload, timeoutNanos).array();
  }

  /**
   * What the server itself counts, of all its clients.
   *
   * @param timeoutNanos how long to wait
   * @return a snapshot
   * @throws TransportException if it does not answer in time
   */
  public ServerFigures figures(long timeoutNanos) {
    return ServerFigures.decode(ask(Opcode.STATISTICS, 0, NOTHING, timeoutNanos));
  }

  /**
   * What a provider has copied, with what is known of slabs.
   *
   * @param counts what was copied
   * @return a snapshot
   */
  public FarMemoryStatistics statistics(TransferCounts counts) {
    return counts.with(
        slabs.count(), session.attached().capacityBytes() / slabBytes(), slabBytes());
  }

  /**
   * Bytes that can still be allocated, as far as is known.
   *
   * @return bytes; less than 0 while the server is away
   */
  public long freeBytes() {
    // Beside other clients' doings the session's count is a guess, which may fall below zero.
    return session.presence().isPresent() ? Math.max(0, session.freeBytes()) : -1;
  }

  /**
   * Refuses what comes after the closing.
   *
   * @throws ConnectionLostException if this was closed
   */
  public void requireOpen() {
    if (closed) {
      throw Refusals.closed();
    }
  }

  /**
   * Ends the lease and all connections. Idempotent.
   *
   * @param last what is done to each slab before the server hears of it
   */
  public void close(Consumer<S> last) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    slabs.close().forEach(last);
    session.close();
  }

  /** As {@link #close(Consumer)}, if there is nothing to be done to slabs. */
  @Override
  public void close() {
    close(slab -> {});
  }
}
