package io.farheap.transport.tcp;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Locator;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.session.DataPlane;
import io.farheap.transport.session.Lane;
import io.farheap.transport.session.Piece;
import io.farheap.transport.session.Request;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.session.ServerSlab;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.ServerFigures;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Far memory on a memory server, in frames over TCP.
 *
 * <p>A transfer becomes one request, or several if it is long, on a lane of the session. While the
 * server is away, requests wait for it; they fail with {@link ConnectionLostException} if it does
 * not come back in time, and with {@link SlabLostException} once it has ended the lease.
 */
public final class TcpMemory implements FarMemory {
  private final ServerControl<ServerSlab> control;
  private final FramePlane plane;

  private TcpMemory(ServerControl<ServerSlab> control) {
    this.control = control;
    this.plane = new FramePlane(control);
  }

  /**
   * Connects to a server.
   *
   * @param locator where it is and how it is reached
   * @param options values for what the locator leaves open
   * @return an open far memory
   * @throws TransportException if the server cannot be reached, or one side does not accept the
   *     other
   */
  public static TcpMemory open(Locator locator, TransportOptions options) {
    return open(SessionOptions.of(locator, options));
  }

  /**
   * Connects to a server by one connection, to look at it: for {@link #serverFigures}.
   *
   * @param locator where it is and how it is reached, also that of another provider of its slabs
   * @param options values for what the locator leaves open
   * @return an open far memory
   * @throws TransportException if the server cannot be reached, or one side does not accept the
   *     other
   */
  public static TcpMemory openToWatch(Locator locator, TransportOptions options) {
    return open(SessionOptions.of(locator, options).withConnections(1));
  }

  /** As {@link #open(Locator, TransportOptions)}. */
  static TcpMemory open(SessionOptions options) {
    return new TcpMemory(
        ServerControl.open(
            options, 0, (id, wireId, where, slabBytes) -> new ServerSlab(id, wireId)));
  }

  /** Carries transfers in frames on the lanes of the session itself. */
  private static final class FramePlane extends DataPlane<ServerSlab, Request, Lane> {
    private final ServerControl<ServerSlab> control;

    FramePlane(ServerControl<ServerSlab> control) {
      super(control, control.session().presence());
      this.control = control;
    }

    @Override
    protected Lane way() {
      return control.session().lane();
    }

    @Override
    protected int pieceBytes(Transfer transfer) {
      return Protocol.MAX_PAYLOAD_BYTES;
    }

    @Override
    protected Request piece(Transfer transfer, Piece last, Request whole) {
      return last instanceof Request request && request.renew()
          ? request
          : new Request(transfer, whole, counts());
    }

    @Override
    protected void aim(Request piece, ServerSlab slab, int from, int lengthBytes) {
      piece.aim(slab, from, lengthBytes);
    }

    @Override
    protected void send(Lane lane, Request piece) {
      lane.submit(piece);
    }

    /** A read is abandoned on the spot; what comes for it goes nowhere. */
    @Override
    protected boolean deservesTime(Transfer transfer) {
      return transfer.isWrite();
    }
  }

  @Override
  public long slabBytes() {
    return control.slabBytes();
  }

  @Override
  public long allocateSlab() {
    return control.allocate().id();
  }

  @Override
  public void releaseSlab(long slab) {
    control.release(slab);
  }

  /** Does nothing: local memory needs no registration here. */
  @Override
  public void registerLocal(MemorySegment region) {
    Objects.requireNonNull(region, "region");
  }

  @Override
  public void submit(Transfer transfer) {
    plane.submit(transfer);
  }

  @Override
  public void flush() {
    control.session().flush();
  }

  @Override
  public boolean poll(Transfer transfer) {
    return plane.poll(transfer);
  }

  @Override
  public void await(Transfer transfer, long deadlineNanos) {
    plane.await(transfer, deadlineNanos, clock());
  }

  @Override
  public void fence(Transfer transfer) {
    plane.fence(transfer);
  }

  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    return control.call(function, argument, timeoutNanos);
  }

  /**
   * What the server itself counts, of all its clients.
   *
   * @param timeoutNanos how long to wait
   * @return a snapshot
   * @throws TransportException if it does not answer in time
   */
  public ServerFigures serverFigures(long timeoutNanos) {
    return control.figures(timeoutNanos);
  }

  @Override
  public FarMemoryStatistics statistics() {
    return plane.statistics();
  }

  @Override
  public long freeBytes() {
    return control.freeBytes();
  }

  @Override
  public LongSupplier clock() {
    return control.options().clock();
  }

  @Override
  public void close() {
    control.close();
  }

  ServerControl<ServerSlab> control() {
    return control;
  }

  DataPlane<ServerSlab, Request, Lane> plane() {
    return plane;
  }
}
