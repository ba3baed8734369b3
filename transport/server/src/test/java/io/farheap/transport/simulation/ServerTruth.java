package io.farheap.transport.simulation;

import io.farheap.server.SlabBacking;
import io.farheap.server.SlabMemory;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Status;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What is true of slabs and leases, from what goes over the wire and from the memory that the
 * server's store takes and gives back; the store is held to it.
 */
final class ServerTruth implements SlabBacking {
  private final World world;
  private final SkewedClock clock;
  private final long leaseNanos;
  private final SlabBacking inner;
  private final Map<ByteBuffer, LeaseTruth> byId = new HashMap<>();
  private final Map<Long, LeaseTruth> byNumber = new HashMap<>();

  /** Whose the memory at an address is. */
  private final Map<Long, LeaseTruth> owners = new HashMap<>();

  private ServedConnection asking;
  private boolean ending;

  ServerTruth(World world, SkewedClock clock, long leaseNanos, SlabBacking inner) {
    this.world = world;
    this.clock = clock;
    this.leaseNanos = leaseNanos;
    this.inner = inner;
  }

  /** One lease. */
  static final class LeaseTruth {
    private final ClientProcess client;
    private long heardNanos;
    private long endedAt = Long.MAX_VALUE;

    private LeaseTruth(ClientProcess client) {
      this.client = client;
    }

    /** Whether it had ended at a time of the world. */
    boolean hadEnded(long atNanos) {
      return endedAt < atNanos;
    }
  }

  int allocated() {
    return owners.size();
  }

  /** A request of this connection is carried out from now on. */
  void asks(ServedConnection connection) {
    asking = connection;
  }

  /** The server ends. */
  void ends() {
    ending = true;
  }

  /** Reads along what the server answers, whole frames; true if they answer a request. */
  boolean answered(ServedConnection connection, byte[] bytes) {
    boolean any = false;
    ByteBuffer frames = ByteBuffer.wrap(bytes);
    FrameChecker replies = connection.replies();
    for (int at = 0; at < bytes.length; ) {
      int frameBytes = FrameChecker.frameBytes(frames, at, bytes.length - at);
      replies.check(frames, at, frameBytes);
      world.count("reply " + replies.status());
      if (replies.opcode() == Opcode.ATTACH && replies.status() == Status.OK) {
        int payloadBytes = frameBytes - FrameLayout.HEADER_BYTES;
        Attached attached =
            Attached.decode(frames.slice(at + FrameLayout.HEADER_BYTES, payloadBytes));
        attached(connection, attached.lease());
      }
      any |= replies.status() != Status.BAD_FRAME;
      at += frameBytes;
    }
    return any;
  }

  private void attached(ServedConnection connection, byte[] id) {
    ClientProcess client = connection.client();
    LeaseTruth lease = byId.computeIfAbsent(ByteBuffer.wrap(id), _ -> new LeaseTruth(client));
    world.require(lease.client == client, "a client was given another's lease");
    world.require(!lease.hadEnded(world.now()), "a lease that has ended was taken up again");
    connection.lease(lease);
  }

  /** A request was carried out, or begun. */
  void heard(ServedConnection connection, long heardNanos) {
    if (connection.lease() != null) {
      connection.lease().heardNanos = heardNanos;
    }
  }

  @Override
  public SlabMemory take(long number) {
    SlabMemory memory = inner.take(number);
    LeaseTruth lease = asking.lease();
    LeaseTruth before = byNumber.putIfAbsent(number, lease);
    world.require(before == null || before == lease, "a slab goes to another lease");
    lease.client.lease(lease);
    world.require(
        owners.put(memory.rawAddress(), lease) == null, "a slab was handed out that is in use");
    return memory;
  }

  @Override
  public void giveBack(SlabMemory memory) {
    world.require(
        owners.remove(memory.rawAddress()) != null, "a slab was taken back that is not in use");
    inner.giveBack(memory);
  }

  @Override
  public void leaseEnded(long number) {
    LeaseTruth lease = byNumber.get(number);
    if (lease == null) {
      return; // It never had a slab.
    }
    boolean wished = asking != null && asking.client() == lease.client && lease.client.isLeaving();
    long silentNanos = clock.getAsLong() - lease.heardNanos;
    world.require(
        ending || wished || silentNanos > leaseNanos,
        "a lease has ended after " + silentNanos + " ns of silence");
    world.require(!owners.containsValue(lease), "a lease has ended and still has slabs");
    lease.endedAt = world.now();
    world.count(ending || wished ? "lease ended" : "lease ran out");
  }

  @Override
  public void close() {
    inner.close();
  }
}
