package io.farheap.transport.tcp;

import io.farheap.transport.AuthenticationException;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.FunctionCall;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.ServerFigures;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Far memory on one or several memory servers.
 *
 * <p>A transfer becomes one request, or several if it is long, on a lane of the slab's server.
 * While that server is away, requests wait for it; they fail with {@link ConnectionLostException}
 * if it does not come back in time, and with {@link SlabLostException} once it has ended the lease.
 */
public final class TcpMemory implements FarMemory {
  private static final long FENCE_NANOS = 500_000_000;
  private static final long GOODBYE_NANOS = 500_000_000;

  @SuppressWarnings("StaticAssignmentOfThrowable") // It has no trace.
  private static final LinkFailure WRITE_FENCED = new LinkFailure("a write was fenced");

  private final TcpOptions options;
  private final List<RemoteServer> servers = new ArrayList<>();
  private final SlabDirectory directory = new SlabDirectory();
  private final Keeper keeper;
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private volatile long slabBytes;
  private volatile boolean closed;

  private TcpMemory(TcpOptions options, long features) {
    this.options = options;
    Connector connector = new Connector(options, features);
    options
        .servers()
        .forEach(address -> servers.add(new RemoteServer(address, this, options, connector)));
    this.keeper = new Keeper(servers);
  }

  /**
   * Connects to the servers.
   *
   * @param options how they are reached
   * @return an open far memory
   * @throws AuthenticationException if one side does not accept the other
   * @throws ConnectionLostException if none of the servers can be reached
   * @throws TransportException if the servers have slabs of different sizes
   */
  public static TcpMemory open(TcpOptions options) {
    return open(options, 0);
  }

  /**
   * Connects to servers that have features besides.
   *
   * @param options how they are reached
   * @param features what they must have, as bits of {@link Protocol}
   * @return an open far memory
   * @throws AuthenticationException if one side does not accept the other
   * @throws ConnectionLostException if none of the servers can be reached
   * @throws TransportException if the servers have slabs of different sizes or lack a feature
   */
  public static TcpMemory open(TcpOptions options, long features) {
    TcpMemory memory = new TcpMemory(options, features);
    boolean opened = false;
    try {
      memory.connect();
      opened = true;
      return memory;
    } finally {
      if (!opened) {
        memory.close();
      }
    }
  }

  private void connect() {
    keeper.start();
    List<RemoteServer> away = new ArrayList<>();
    IOException failure = null;
    for (RemoteServer server : servers) {
      try {
        server.connect();
      } catch (IOException e) {
        away.add(server);
        failure = e;
      }
    }
    if (away.size() == servers.size()) {
      throw Replies.lost(
          "none of the memory servers " + options.servers() + " can be reached", failure);
    }
    away.forEach(RemoteServer::connectInBackground);
  }

  /** Refuses a server whose slabs have another size than those of the first one. */
  synchronized void requireSlabBytes(long bytes, ServerAddress address) {
    if (slabBytes == 0) {
      slabBytes = bytes;
    } else if (slabBytes != bytes) {
      throw new TransportException(
          address
              + " has slabs of "
              + bytes
              + " bytes, the others of "
              + slabBytes
              + "; give all servers the same size");
    }
  }

  Keeper keeper() {
    return keeper;
  }

  SlabDirectory directory() {
    return directory;
  }

  @Override
  public long slabBytes() {
    return slabBytes;
  }

  @Override
  public long allocateSlab() {
    requireOpen();
    TransportException failure = null;
    List<RemoteServer> order = Placement.order(servers, slabBytes, directory::countOn);
    if (order.isEmpty()) {
      // Nobody is there: one of them may be back soon.
      order = List.of(servers.get(ThreadLocalRandom.current().nextInt(servers.size())));
    }
    for (RemoteServer server : order) {
      try {
        Request allocation = server.allocate();
        return directory.add(server, allocation.replySubject, allocation.replyPayload).id();
      } catch (FarMemoryFullException e) {
        failure = failure == null ? e : failure;
      } catch (ConnectionLostException | TransportTimeoutException e) {
        failure = e;
      }
      requireOpen();
    }
    throw failure;
  }

  /**
   * What is known of a slab.
   *
   * @param slab a slab id
   * @return the slab, or null if it is not allocated
   */
  public RemoteSlab find(long slab) {
    return directory.find(slab);
  }

  /**
   * Which server has a slab.
   *
   * @param slab one of this memory
   * @return the server's place in the locator, from 0
   */
  public int serverOf(RemoteSlab slab) {
    return servers.indexOf(slab.server());
  }

  /**
   * Whether a server is there.
   *
   * @param server its place in the locator, from 0
   * @return true if its connections stand
   */
  public boolean isPresent(int server) {
    return servers.get(server).isPresent();
  }

  /**
   * Asks a server something that concerns no slab, for a provider that needs more than this one;
   * may be asked again if a connection is lost.
   *
   * @param server its place in the locator, from 0
   * @param opcode what is asked
   * @param subject the request's subject
   * @return the reply's payload
   * @throws RequestRefusedException if the server refuses
   * @throws ConnectionLostException if it is away for too long
   * @throws TransportTimeoutException if it does not answer in time
   */
  public byte[] ask(int server, Opcode opcode, long subject) {
    requireOpen();
    RemoteServer remote = servers.get(server);
    return remote.ask(opcode, subject, new byte[0], null, remote.timeoutNanos()).replyPayload;
  }

  @Override
  public void releaseSlab(long slab) {
    requireOpen();
    RemoteSlab remote = directory.find(slab);
    if (remote == null) {
      throw new RequestRefusedException(
          "slab " + slab + " is not allocated; it was released already or never existed");
    }
    // What is lost has been taken back by its server.
    if (!remote.isLost()) {
      release(remote);
    }
    directory.remove(remote);
  }

  private void release(RemoteSlab remote) {
    try {
      remote.server().release(remote);
    } catch (RequestRefusedException e) {
      directory.remove(remote);
      throw e;
    } catch (SlabLostException e) {
      assert remote.isLost();
    }
  }

  /** Does nothing: local memory needs no registration here. */
  @Override
  public void registerLocal(MemorySegment region) {
    Objects.requireNonNull(region, "region");
  }

  /** What needs memory comes first: whatever is thrown then, the transfer is not in flight. */
  @Override
  public void submit(Transfer transfer) {
    transfer.requireIdle();
    RemoteSlab slab = directory.find(transfer.slab());
    TransportException refusal = refusal(transfer, slab);
    if (refusal != null) {
      transfer.start();
      transfer.fail(refusal);
      return;
    }
    Lane lane = slab.server().lane();
    long nowNanos = System.nanoTime();
    if (transfer.lengthBytes() <= Protocol.MAX_PAYLOAD_BYTES) {
      Request request = fresh(transfer);
      fill(request, slab, 0, transfer.lengthBytes(), nowNanos);
      start(transfer, request, lane);
      lane.submit(request);
      return;
    }
    submitPieces(transfer, slab, lane, nowNanos);
  }

  /** From now on the transfer is in flight, and can be fenced. */
  private static void start(Transfer transfer, Request whole, Lane lane) {
    whole.lane = lane;
    transfer.attachment(whole);
    transfer.start();
  }

  /** A long transfer goes as several requests. */
  private static void submitPieces(Transfer transfer, RemoteSlab slab, Lane lane, long nowNanos) {
    Request whole = new Request(transfer, null);
    int lengthBytes = transfer.lengthBytes();
    Request[] pieces = new Request[Math.ceilDiv(lengthBytes, Protocol.MAX_PAYLOAD_BYTES)];
    for (int i = 0; i < pieces.length; i++) {
      int from = i * Protocol.MAX_PAYLOAD_BYTES;
      pieces[i] = new Request(transfer, whole);
      fill(
          pieces[i],
          slab,
          from,
          Math.min(Protocol.MAX_PAYLOAD_BYTES, lengthBytes - from),
          nowNanos);
    }
    whole.piecesLeft = pieces.length;
    start(transfer, whole, lane);
    for (Request piece : pieces) {
      lane.submit(piece);
    }
  }

  private static void fill(
      Request request, RemoteSlab slab, int from, int lengthBytes, long nowNanos) {
    Transfer transfer = request.transfer;
    request.slab = slab;
    request.subject = slab.wireId();
    request.offset = (int) transfer.slabOffset() + from;
    request.lengthBytes = lengthBytes;
    request.rawAddress = transfer.rawAddress() + from;
    request.submittedNanos = nowNanos;
  }

  /** The request of the transfer's last use if it can serve again, so that most uses make none. */
  private static Request fresh(Transfer transfer) {
    if (transfer.attachment() instanceof Request last
        && last.transfer == transfer
        && last.isReusable()
        && (last.opcode == Opcode.WRITE) == transfer.isWrite()) {
      last.reset();
      return last;
    }
    return new Request(transfer, null);
  }

  private TransportException refusal(Transfer transfer, RemoteSlab slab) {
    if (closed) {
      return closedFailure();
    }
    if (slab == null) {
      return new RequestRefusedException(
          transfer + ": the slab is not allocated; it was released or never existed");
    }
    long offset = transfer.slabOffset();
    int lengthBytes = transfer.lengthBytes();
    if (offset < 0 || lengthBytes < 0 || offset > slabBytes - lengthBytes) {
      return new RequestRefusedException(
          transfer + ": the range is not inside the slab; check slabOffset and lengthBytes");
    }
    long rawAddress = transfer.rawAddress();
    if (rawAddress <= 0 || rawAddress > Long.MAX_VALUE - lengthBytes) {
      return new RequestRefusedException(transfer + ": the raw address is not valid");
    }
    return slab.isLost() ? slab.server().slabLost(slab) : null;
  }

  /** A transfer is over; called once for each, by whoever has read its last reply. */
  void completed(Transfer transfer, TransportException failure) {
    if (failure != null) {
      transfer.fail(failure);
      return;
    }
    int lengthBytes = transfer.lengthBytes();
    if (transfer.isWrite()) {
      writes.increment();
      bytesWritten.add(lengthBytes);
    } else {
      reads.increment();
      bytesRead.add(lengthBytes);
    }
    transfer.complete();
  }

  @Override
  public void flush() {
    for (RemoteServer server : servers) {
      server.flush();
    }
  }

  @Override
  public boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    Lane lane = request(transfer).lane;
    lane.flush();
    lane.receive();
    return transfer.isComplete();
  }

  @Override
  public void await(Transfer transfer, long deadlineNanos) {
    if (!transfer.isComplete()) {
      long startNanos = clock().getAsLong();
      Request request = request(transfer);
      request.lane.flush();
      Waits.untilOver(request, deadlineNanos, clock());
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
   * Gives the transfer up. A write that is under way gets some time; then the whole session is
   * ended, after which the server carries out nothing of it any more.
   */
  @Override
  @SuppressWarnings("ThreadPriorityCheck") // Another thread is about to end the same session.
  public void fence(Transfer transfer) {
    if (transfer.state() != Transfer.IN_FLIGHT) {
      return;
    }
    Request request = request(transfer);
    Lane lane = request.lane;
    try {
      if (transfer.isWrite() && lane.server().isPresent()) {
        lane.flush();
        Waits.untilOver(request, System.nanoTime() + FENCE_NANOS, System::nanoTime);
      }
    } finally {
      // Also when an error has ended the waiting: what is thrown on then finds the transfer over.
      while (!lane.giveUp(request)) {
        lane.server().linkLost(lane.session(), WRITE_FENCED);
        Thread.yield();
      }
      lane.server().settle();
    }
  }

  private static Request request(Transfer transfer) {
    transfer.requireSubmitted();
    if (transfer.attachment() instanceof Request request && request.transfer == transfer) {
      return request;
    }
    throw new IllegalStateException(transfer + " was submitted to another far memory");
  }

  /**
   * Calls a function on the first server that is there.
   *
   * @throws ConnectionLostException if the connection is lost meanwhile; the function may or may
   *     not have been called
   */
  @Override
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
    return present().ask(Opcode.CALL, 0, payload, null, timeoutNanos).replyPayload;
  }

  private RemoteServer present() {
    requireOpen();
    return servers.stream().filter(RemoteServer::isPresent).findFirst().orElse(servers.getFirst());
  }

  /**
   * What the servers themselves count, of all their clients.
   *
   * @param timeoutNanos how long to wait for each
   * @return one snapshot for each server, in the order of the locator
   * @throws TransportException if one does not answer in time
   */
  public List<ServerFigures> serverFigures(long timeoutNanos) {
    requireOpen();
    return servers.stream()
        .map(
            server ->
                ServerFigures.decode(
                    ByteBuffer.wrap(
                        server.ask(Opcode.STATISTICS, 0, new byte[0], null, timeoutNanos)
                            .replyPayload)))
        .toList();
  }

  @Override
  public FarMemoryStatistics statistics() {
    long slabs = directory.count();
    long capacity = 0;
    for (RemoteServer server : servers) {
      Attached attached = server.attached();
      capacity += attached == null ? 0 : attached.capacityBytes() / attached.slabBytes();
    }
    return new FarMemoryStatistics(
        slabs,
        capacity,
        slabs * slabBytes,
        reads.sum(),
        writes.sum(),
        bytesRead.sum(),
        bytesWritten.sum());
  }

  @Override
  public LongSupplier clock() {
    return options.clock();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    servers.forEach(server -> server.close(GOODBYE_NANOS));
    keeper.stop();
    directory.clear();
  }

  private void requireOpen() {
    if (closed) {
      throw closedFailure();
    }
  }

  private static ConnectionLostException closedFailure() {
    return new ConnectionLostException("the far memory is closed; open a new one");
  }
}
