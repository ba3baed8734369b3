package io.farheap.transport.rdma;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.rdma.fabric.Fabric;
import io.farheap.transport.tcp.RemoteSlab;
import io.farheap.transport.tcp.TcpMemory;
import io.farheap.transport.tcp.TcpOptions;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.RegisteredSlab;
import io.farheap.transport.wire.WireException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Far memory that is read and written by RDMA.
 *
 * <p>A transfer becomes one request to the device, or several if it is long, on a lane to the
 * slab's server; the server's processor knows nothing of it. Bytes inside the {@link #registerLocal
 * registered} region are copied by the device itself, others through buffers. While the server is
 * away, operations wait for it. Everything else is a {@link TcpMemory}'s, which sees to the lease
 * too.
 */
public final class RdmaMemory implements FarMemory {
  private static final int PIECE_BYTES = 1 << 20;
  private static final long FENCE_NANOS = 500_000_000;

  @SuppressWarnings("StaticAssignmentOfThrowable") // A fence needs no memory; nobody throws it.
  private static final ConnectionLostException FENCED =
      new ConnectionLostException("an operation was fenced");

  private final TcpMemory control;
  private final Fabric fabric;
  private final LocalRegion region = new LocalRegion();
  private final List<RdmaServer> servers = new ArrayList<>();
  private final Keeper keeper = new Keeper(servers);
  private final RdmaAtomics atomics = new RdmaAtomics(this);
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private volatile boolean closed;

  private RdmaMemory(TcpMemory control, Fabric fabric, TcpOptions options) {
    this.control = control;
    this.fabric = fabric;
    for (int i = 0; i < options.servers().size(); i++) {
      servers.add(new RdmaServer(this, fabric, options, i));
    }
  }

  /**
   * Attaches to the servers and connects queue pairs.
   *
   * @param options where they are and how to reach them; {@code connections} is the number of queue
   *     pairs to each
   * @param fabric where queue pairs come from; the far memory's from now on, also if this fails
   * @return an open far memory
   * @throws TransportException if none can be reached, or one has no RDMA device
   */
  public static RdmaMemory open(TcpOptions options, Fabric fabric) {
    TcpMemory control = null;
    RdmaMemory memory = null;
    boolean opened = false;
    try {
      control = TcpMemory.open(options.withConnections(1), Protocol.FEATURE_REGISTERED_SLABS);
      memory = new RdmaMemory(control, fabric, options);
      memory.connect();
      opened = true;
      return memory;
    } finally {
      if (!opened) {
        if (memory != null) {
          memory.close();
        } else {
          if (control != null) {
            control.close();
          }
          fabric.close();
        }
      }
    }
  }

  private void connect() {
    keeper.start();
    List<RdmaServer> away = new ArrayList<>();
    TransportException failure = null;
    for (int i = 0; i < servers.size(); i++) {
      RdmaServer server = servers.get(i);
      if (control.isPresent(i)) {
        try {
          server.connect();
        } catch (TransportException e) {
          failure = e;
          away.add(server);
        }
      } else {
        away.add(server);
      }
    }
    if (failure != null && away.size() == servers.size()) {
      throw failure;
    }
    away.forEach(RdmaServer::connectInBackground);
  }

  TcpMemory control() {
    return control;
  }

  LocalRegion region() {
    return region;
  }

  boolean isClosed() {
    return closed;
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
    long id = control.allocateSlab();
    boolean reachable = false;
    try {
      RemoteSlab remote = control.find(id);
      if (remote == null) {
        throw RdmaServer.closedFailure();
      }
      RegisteredSlab where = RegisteredSlab.decode(ByteBuffer.wrap(remote.where()));
      if (where.lengthBytes() != slabBytes()) {
        throw new TransportException(
            "the memory server has registered "
                + where.lengthBytes()
                + " bytes for a slab of "
                + slabBytes());
      }
      remote.attachment(RdmaSlab.of(remote, servers.get(control.serverOf(remote)), where));
      reachable = true;
      return id;
    } catch (WireException e) {
      throw new TransportException("the memory server does not say how its slab is reached", e);
    } finally {
      if (!reachable && !closed) {
        control.releaseSlab(id);
      }
    }
  }

  /** The slab of an id, or null if it is not allocated. */
  RdmaSlab find(long id) {
    RemoteSlab remote = control.find(id);
    return remote == null ? null : (RdmaSlab) remote.attachment();
  }

  @Override
  public void releaseSlab(long id) {
    control.releaseSlab(id);
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

  /** What needs memory comes first: whatever is thrown then, the transfer is not in flight. */
  @Override
  public void submit(Transfer transfer) {
    transfer.requireIdle();
    RdmaSlab slab = find(transfer.slab());
    TransportException refusal = refusal(transfer, slab);
    if (refusal != null) {
      transfer.start();
      transfer.fail(refusal);
      return;
    }
    int lengthBytes = transfer.lengthBytes();
    if (lengthBytes == 0) {
      transfer.start();
      completed(transfer, null);
      return;
    }
    boolean registered = region.contains(transfer.rawAddress(), lengthBytes);
    int pieceBytes = registered ? PIECE_BYTES : Buffers.BUFFER_BYTES;
    Operation whole = fresh(transfer);
    Lane lane = slab.server().lane();
    if (lengthBytes <= pieceBytes) {
      fill(whole, slab, 0, lengthBytes, registered);
      start(transfer, whole, lane);
      lane.submit(whole);
      return;
    }
    Operation[] pieces = new Operation[Math.ceilDiv(lengthBytes, pieceBytes)];
    for (int i = 0; i < pieces.length; i++) {
      int from = i * pieceBytes;
      pieces[i] = new Operation(transfer, whole);
      fill(pieces[i], slab, from, Math.min(pieceBytes, lengthBytes - from), registered);
    }
    whole.piecesLeft = pieces.length;
    start(transfer, whole, lane);
    for (Operation piece : pieces) {
      lane.submit(piece);
    }
  }

  /** From now on the transfer is in flight, and can be fenced. */
  private static void start(Transfer transfer, Operation whole, Lane lane) {
    whole.lane = lane;
    transfer.attachment(whole);
    transfer.start();
  }

  private static void fill(
      Operation operation, RdmaSlab slab, int from, int lengthBytes, boolean registered) {
    operation.slab = slab;
    operation.slabOffset = operation.transfer.slabOffset() + from;
    operation.rawAddress = operation.transfer.rawAddress() + from;
    operation.lengthBytes = lengthBytes;
    operation.registered = registered;
    operation.submittedNanos = System.nanoTime();
  }

  /** That of the transfer's last use if it can serve again, so that most uses make none. */
  private static Operation fresh(Transfer transfer) {
    if (transfer.attachment() instanceof Operation last
        && last.transfer == transfer
        && last.isReusable()
        && (last.kind == Operation.Kind.WRITE) == transfer.isWrite()) {
      last.reset();
      return last;
    }
    return new Operation(transfer, null);
  }

  private TransportException refusal(Transfer transfer, RdmaSlab slab) {
    if (closed) {
      return RdmaServer.closedFailure();
    }
    if (slab == null) {
      return Lane.released(transfer);
    }
    long offset = transfer.slabOffset();
    int lengthBytes = transfer.lengthBytes();
    if (offset < 0 || lengthBytes < 0 || offset > slabBytes() - lengthBytes) {
      return new RequestRefusedException(
          transfer + ": the range is not inside the slab; check slabOffset and lengthBytes");
    }
    long rawAddress = transfer.rawAddress();
    if (rawAddress <= 0 || rawAddress > Long.MAX_VALUE - lengthBytes) {
      return new RequestRefusedException(transfer + ": the raw address is not valid");
    }
    return slab.isLost()
        ? new SlabLostException(transfer + ": the server has ended the lease of the slab")
        : null;
  }

  /** A transfer is over; called once for each. */
  void completed(Transfer transfer, TransportException failure) {
    if (failure != null) {
      transfer.fail(failure);
      return;
    }
    if (transfer.isWrite()) {
      writes.increment();
      bytesWritten.add(transfer.lengthBytes());
    } else {
      reads.increment();
      bytesRead.add(transfer.lengthBytes());
    }
    transfer.complete();
  }

  @Override
  public void flush() {
    for (RdmaServer server : servers) {
      server.flush();
    }
  }

  @Override
  public boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    operation(transfer).lane.receive();
    return transfer.isComplete();
  }

  @Override
  public void await(Transfer transfer, long deadlineNanos) {
    if (!transfer.isComplete()) {
      long startNanos = clock().getAsLong();
      Operation whole = operation(transfer);
      whole.lane.flush();
      Waits.untilOver(whole, deadlineNanos, clock());
      if (!transfer.isComplete()) {
        fence(transfer);
        if (!transfer.isDone()) {
          throw new TransportTimeoutException(
              transfer
                  + " was not complete after "
                  + (clock().getAsLong() - startNanos)
                  + " ns; it is fenced and may be issued again");
        }
      }
    }
    TransportException failure = transfer.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Gives the transfer up. One that the device may still carry out gets some time; then all queue
   * pairs to that server are given up, and new ones connected.
   */
  @Override
  public void fence(Transfer transfer) {
    if (transfer.state() != Transfer.IN_FLIGHT) {
      return;
    }
    Operation whole = operation(transfer);
    try {
      if (whole.lane.server().isPresent()) {
        whole.lane.flush();
        Waits.untilOver(whole, System.nanoTime() + FENCE_NANOS, System::nanoTime);
      }
    } finally {
      // Also when an error has ended the waiting: what is thrown on then finds the transfer over.
      giveUp(whole);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Another thread is about to end the same queue pairs.
  static void giveUp(Operation whole) {
    Lane lane = whole.lane;
    while (!lane.giveUp(whole)) {
      lane.server().lost(lane.session(), FENCED);
      Thread.yield();
    }
    lane.server().settle();
  }

  private static Operation operation(Transfer transfer) {
    transfer.requireSubmitted();
    if (transfer.attachment() instanceof Operation whole && whole.transfer == transfer) {
      return whole;
    }
    throw new IllegalStateException(transfer + " was submitted to another far memory");
  }

  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    return control.call(function, argument, timeoutNanos);
  }

  /** The operations, if the device of a server that is there has them. */
  @Override
  public Optional<FarAtomics> atomics() {
    return servers.stream().anyMatch(RdmaServer::hasAtomics)
        ? Optional.of(atomics)
        : Optional.empty();
  }

  /** Counts what this process has copied; no server knows of it. */
  @Override
  public FarMemoryStatistics statistics() {
    FarMemoryStatistics allocated = control.statistics();
    return new FarMemoryStatistics(
        allocated.slabsAllocated(),
        allocated.slabCapacity(),
        allocated.bytesAllocated(),
        reads.sum(),
        writes.sum(),
        bytesRead.sum(),
        bytesWritten.sum());
  }

  @Override
  public LongSupplier clock() {
    return control.clock();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    keeper.stop();
    servers.forEach(RdmaServer::close);
    control.close();
    servers.forEach(RdmaServer::awaitConnecting);
    region.close();
    fabric.close();
  }
}
