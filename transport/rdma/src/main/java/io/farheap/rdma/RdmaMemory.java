package io.farheap.rdma;

import io.farheap.rdma.fabric.Fabric;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.session.DataPlane;
import io.farheap.transport.session.Piece;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.RegisteredSlab;
import io.farheap.transport.wire.WireException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Far memory that is read and written by RDMA.
 *
 * <p>A transfer becomes one request to the device, or several if it is long, on a lane to the
 * server, whose processor knows nothing of it. Bytes inside the {@link #registerLocal registered}
 * region are copied by the device itself, others through buffers. While the server is away,
 * operations wait for it. Everything else, and the lease too, is the control's.
 */
public final class RdmaMemory implements FarMemory {
  private static final int PIECE_BYTES = 1 << 20;

  private final ServerControl<RdmaSlab> control;
  private final Fabric fabric;
  private final LocalRegion region = new LocalRegion();
  private final RdmaServer server;
  private final DevicePlane plane;
  private final Rounds rounds;

  /** Guarded by this object's lock. */
  private boolean closed;

  private RdmaMemory(ServerControl<RdmaSlab> control, Fabric fabric, int connections) {
    this.control = control;
    this.fabric = fabric;
    this.server = new RdmaServer(control, fabric, region, connections);
    this.plane = new DevicePlane(control, server, region);
    this.rounds = new Rounds(server::round);
  }

  /**
   * Attaches to a server and connects queue pairs.
   *
   * @param options where it is and how to reach it; {@code connections} is the number of queue
   *     pairs
   * @param fabric where queue pairs come from; the far memory's from now on, also if this fails
   * @return an open far memory
   * @throws TransportException if it cannot be reached, or has no RDMA device
   */
  public static RdmaMemory open(SessionOptions options, Fabric fabric) {
    RdmaMemory memory = null;
    boolean opened = false;
    try {
      ServerControl<RdmaSlab> control =
          ServerControl.open(
              options.withConnections(1),
              Protocol.FEATURE_REGISTERED_SLABS,
              RdmaMemory::registered);
      memory = new RdmaMemory(control, fabric, options.connections());
      memory.rounds.start();
      memory.server.connect();
      opened = true;
      return memory;
    } finally {
      if (!opened) {
        if (memory != null) {
          memory.close();
        } else {
          fabric.close();
        }
      }
    }
  }

  private static RdmaSlab registered(long id, long wireId, ByteBuffer where, long slabBytes) {
    try {
      RegisteredSlab registered = RegisteredSlab.decode(where);
      if (registered.lengthBytes() != slabBytes) {
        throw new TransportException(
            "the memory server has registered "
                + registered.lengthBytes()
                + " bytes for a slab of "
                + slabBytes);
      }
      return new RdmaSlab(id, wireId, registered);
    } catch (WireException e) {
      throw new TransportException("the memory server does not say how its slab is reached", e);
    }
  }

  /** Carries transfers by requests to the device. */
  private static final class DevicePlane extends DataPlane<RdmaSlab, Operation, QueuePairLane> {
    private final RdmaServer server;
    private final LocalRegion region;

    DevicePlane(ServerControl<RdmaSlab> control, RdmaServer server, LocalRegion region) {
      super(control, server.presence());
      this.server = server;
      this.region = region;
    }

    @Override
    protected QueuePairLane way() {
      return server.lane();
    }

    @Override
    protected int pieceBytes(Transfer transfer) {
      return isInRegion(transfer) ? PIECE_BYTES : Buffers.BUFFER_BYTES;
    }

    private boolean isInRegion(Transfer transfer) {
      return region.contains(transfer.rawAddress(), transfer.lengthBytes());
    }

    @Override
    protected Operation piece(Transfer transfer, Piece last, Operation whole) {
      return last instanceof Operation operation && operation.renew()
          ? operation
          : new Operation(transfer, whole, counts());
    }

    @Override
    protected void aim(Operation piece, RdmaSlab slab, int from, int lengthBytes) {
      piece.aim(slab, from, lengthBytes, isInRegion(piece.transfer()));
    }

    @Override
    protected void send(QueuePairLane lane, Operation piece) {
      lane.submit(piece);
    }

    /** The device may be copying to or from local memory. */
    @Override
    protected boolean deservesTime(Transfer transfer) {
      return true;
    }
  }

  ServerControl<RdmaSlab> control() {
    return control;
  }

  RdmaServer server() {
    return server;
  }

  DataPlane<RdmaSlab, Operation, QueuePairLane> plane() {
    return plane;
  }

  @Override
  public long slabBytes() {
    return control.slabBytes();
  }

  /**
   * Allocates a slab.
   *
   * @throws TransportException if the server does not say how it is reached; it was given back
   */
  @Override
  public long allocateSlab() {
    return control.allocate().id();
  }

  @Override
  public void releaseSlab(long id) {
    control.release(id);
  }

  /**
   * Registers the region, which transfers read and write without a copy, with the RDMA devices.
   *
   * @throws TransportException if the system refuses, for example for the limit of locked memory
   */
  @Override
  public void registerLocal(MemorySegment local) {
    region.name(Objects.requireNonNull(local, "local"));
  }

  @Override
  public void submit(Transfer transfer) {
    plane.submit(transfer);
  }

  @Override
  public void flush() {
    server.flush();
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

  /** The operations, if the server's device has them. */
  @Override
  public Optional<FarAtomics> atomics() {
    return server.hasAtomics()
        ? Optional.of(new RdmaAtomics(control, server, plane))
        : Optional.empty();
  }

  /** Counts what this process has copied; no server knows of it. */
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
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    rounds.stop();
    server.close();
    control.close();
    server.presence().awaitConnector(control.options().connectNanos());
    region.close();
    fabric.close();
  }
}
