package io.farheap.transport.pool;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Locator;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.slab.SlabTable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Several far memories as one: each slab is on one of them. A member sees transfers of its own,
 * made for those of the pool, which end when their owners look.
 */
public final class PoolMemory implements FarMemory {
  private final Members members;
  private final SlabTable<PoolSlab> slabs = new SlabTable<>(SlabTable.MAX_PLACES);
  private final AtomicLong releasesBegun = new AtomicLong();
  private final AtomicLong releasesEnded = new AtomicLong();
  private final LongSupplier clock;
  private final boolean immediate;
  private volatile boolean closed;

  private PoolMemory(Members members, LongSupplier clock) {
    this.members = members;
    this.clock = clock;
    this.immediate =
        members.opened().stream().allMatch(member -> member.memory().completesInSubmit());
  }

  /**
   * Opens the members. Those that cannot be reached are tried again in the background.
   *
   * @param locators where they are, at least one
   * @param options values for what the locators leave open
   * @return an open far memory
   * @throws ConnectionLostException if none of them can be reached
   * @throws TransportException if one refuses, or they have slabs of different sizes
   */
  static PoolMemory open(List<Locator> locators, TransportOptions options) {
    return new PoolMemory(Members.open(locators, options), options.clock());
  }

  @Override
  public long slabBytes() {
    return members.slabBytes();
  }

  @Override
  public long allocateSlab() {
    while (true) {
      long ended = releasesEnded.get();
      try {
        return allocateOnAny();
      } catch (FarMemoryFullException e) {
        // What was released meanwhile may be on a member that was full when it was asked.
        if (releasesBegun.get() == ended) {
          throw e;
        }
      }
    }
  }

  private long allocateOnAny() {
    requireOpen();
    TransportException failure = null;
    List<Member> order = Placement.order(members.all(), slabBytes());
    if (order.isEmpty()) {
      // Nobody is there: one of them may be back soon.
      List<Member> open = members.opened();
      order = List.of(open.get(ThreadLocalRandom.current().nextInt(open.size())));
    }
    for (Member member : order) {
      try {
        return allocateOn(member);
      } catch (FarMemoryFullException e) {
        failure = failure == null ? e : failure;
      } catch (ConnectionLostException | TransportTimeoutException e) {
        failure = e;
      }
      requireOpen();
    }
    throw failure;
  }

  private long allocateOn(Member member) {
    long memberId = member.memory().allocateSlab();
    PoolSlab slab = slabs.add(id -> new PoolSlab(id, member, memberId));
    if (slab == null) {
      member.memory().releaseSlab(memberId);
      throw Refusals.closed();
    }
    return slab.id();
  }

  @Override
  public void releaseSlab(long id) {
    PoolSlab slab = require(id);
    releasesBegun.incrementAndGet();
    try {
      slab.member().memory().releaseSlab(slab.memberId());
    } finally {
      releasesEnded.incrementAndGet();
    }
    slabs.remove(slab);
    slab.uncount();
  }

  private PoolSlab require(long id) {
    requireOpen();
    PoolSlab slab = slabs.find(id);
    if (slab == null) {
      throw Refusals.notAllocated("slab " + id);
    }
    return slab;
  }

  /** What is known of a slab, or null. */
  PoolSlab find(long id) {
    return slabs.find(id);
  }

  @Override
  public void registerLocal(MemorySegment region) {
    members.registerLocal(region);
  }

  @Override
  public void submit(Transfer transfer) {
    transfer.requireIdle();
    PoolSlab slab = slabs.find(transfer.slab());
    if (closed || slab == null) {
      TransportException refusal = closed ? Refusals.closed() : Refusals.notAllocated(transfer);
      transfer.start();
      transfer.fail(refusal);
      return;
    }
    Trip trip = trip(transfer);
    trip.fill(slab);
    try {
      trip.memory().submit(trip.inner());
    } finally {
      // Also when an error has left the member's transfer in flight: then this one is too.
      if (trip.inner().state() != Transfer.IDLE) {
        transfer.attachment(trip);
        transfer.start();
      }
    }
    trip.settle();
  }

  private Trip trip(Transfer transfer) {
    return transfer.attachment() instanceof Trip last && last.isOf(this, transfer)
        ? last
        : new Trip(this, transfer);
  }

  private Trip tripUnderWay(Transfer transfer) {
    transfer.requireSubmitted();
    if (transfer.attachment() instanceof Trip trip && trip.isOf(this, transfer)) {
      return trip;
    }
    throw new IllegalStateException(transfer + " was submitted to another far memory");
  }

  @Override
  public boolean completesInSubmit() {
    return immediate;
  }

  @Override
  public void flush() {
    for (Member member : members.all()) {
      FarMemory memory = member.memory();
      if (memory != null) {
        memory.flush();
      }
    }
  }

  @Override
  public boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    Trip trip = tripUnderWay(transfer);
    return trip.memory().poll(trip.inner()) && trip.settle();
  }

  @Override
  public void await(Transfer transfer, long deadlineNanos) {
    if (!transfer.isComplete()) {
      Trip trip = tripUnderWay(transfer);
      try {
        trip.memory().await(trip.inner(), deadlineNanos);
      } finally {
        trip.settle();
      }
    }
    TransportException failure = transfer.failure();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void fence(Transfer transfer) {
    if (transfer.state() == Transfer.IN_FLIGHT) {
      Trip trip = tripUnderWay(transfer);
      try {
        trip.memory().fence(trip.inner());
      } finally {
        trip.settle();
      }
    }
  }

  /** Calls a function on the first member that is there. */
  @Override
  public byte[] call(String function, byte[] argument, long timeoutNanos) {
    requireOpen();
    List<Member> opened = members.opened();
    Member present =
        opened.stream()
            .filter(member -> member.freeBytes() >= 0)
            .findFirst()
            .orElse(opened.getFirst());
    return present.memory().call(function, argument, timeoutNanos);
  }

  @Override
  public FarMemoryStatistics statistics() {
    List<FarMemoryStatistics> all =
        members.opened().stream().map(member -> member.memory().statistics()).toList();
    return new FarMemoryStatistics(
        sum(all, FarMemoryStatistics::slabsAllocated),
        sum(all, FarMemoryStatistics::slabCapacity),
        sum(all, FarMemoryStatistics::bytesAllocated),
        sum(all, FarMemoryStatistics::reads),
        sum(all, FarMemoryStatistics::writes),
        sum(all, FarMemoryStatistics::bytesRead),
        sum(all, FarMemoryStatistics::bytesWritten));
  }

  private static long sum(
      List<FarMemoryStatistics> all, ToLongFunction<FarMemoryStatistics> figure) {
    return all.stream().mapToLong(figure).sum();
  }

  /** What the members' devices can do; an operation on a slab is its member's. */
  @Override
  public Optional<FarAtomics> atomics() {
    return members.opened().stream().anyMatch(member -> member.memory().atomics().isPresent())
        ? Optional.of(new PoolAtomics(this::require))
        : Optional.empty();
  }

  @Override
  public long freeBytes() {
    return members.opened().stream().mapToLong(Member::freeBytes).filter(free -> free >= 0).sum();
  }

  @Override
  public LongSupplier clock() {
    return clock;
  }

  @Override
  public void close() {
    closed = true;
    members.close();
    slabs.close();
  }

  private void requireOpen() {
    if (closed) {
      throw Refusals.closed();
    }
  }
}
