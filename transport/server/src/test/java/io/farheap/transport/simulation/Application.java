package io.farheap.transport.simulation;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.session.ServerAddress;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.tcp.TcpMemories;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a client does with its far memory at random, and what must come of it. */
final class Application {
  private static final int MOST_SLABS = 3;
  private static final int MOST_TRANSFERS = 4;
  private static final int MOST_CONNECTIONS = 3;
  private static final long RETRY_NANOS = 600 * World.MILLI;
  private static final long CONNECT_NANOS = 250 * World.MILLI;

  /** What is in local memory that nothing may be written to. */
  private static final long NOBODYS = 0x6e_6f_62_6f_64_79_27_73L;

  private final World world;
  private final ServerProcess server;
  private final ClientProcess client;
  private final long number;
  private final List<FarSlab> slabs = new ArrayList<>();
  private final List<Copy> copies = new ArrayList<>();
  private FarMemory memory;
  private boolean quiet;
  private boolean over;

  Application(World world, ServerProcess server, ClientProcess client, long number, Arena arena) {
    this.world = world;
    this.server = server;
    this.client = client;
    this.number = number;
    for (int i = 0; i < MOST_TRANSFERS; i++) {
      copies.add(new Copy(arena.allocate(Cell.LONGEST_BYTES, Long.BYTES)));
    }
    client.after(world.between(0, 50 * World.MILLI), this::turn);
  }

  ClientProcess client() {
    return client;
  }

  /** From now on it starts nothing new. */
  void quieten() {
    quiet = true;
  }

  private final class FarSlab {
    private final long id;
    private final ServerTruth.LeaseTruth lease = client.lease();
    private final List<Cell> cells = Arrays.stream(Cell.PLACES).map(Cell::new).toList();
    private boolean lost;

    /** Whether it was asked for its release, and no answer came. */
    private boolean releasing;

    FarSlab(long id) {
      this.id = id;
    }

    boolean isIdle() {
      return copies.stream().noneMatch(copy -> copy.slab == this);
    }
  }

  /** A transfer, and what it is for while it is under way. */
  private final class Copy {
    private final Transfer transfer = new Transfer();
    private final MemorySegment bytes;
    private FarSlab slab;
    private Cell cell;
    private long stamp;
    private long submittedAt;
    private long deadlineNanos;

    Copy(MemorySegment bytes) {
      this.bytes = bytes;
      Cell.fill(bytes, NOBODYS);
    }

    boolean isUnderWay() {
      return slab != null;
    }

    void start(FarSlab ofSlab, Cell ofCell, boolean write) {
      world.require(Cell.holds(bytes, NOBODYS), "local memory was written to after a transfer");
      slab = ofSlab;
      cell = ofCell;
      stamp = server.stamp() << 4 | number;
      long address = bytes.address();
      if (write) {
        Cell.fill(bytes.asSlice(0, cell.lengthBytes()), stamp);
        transfer.write(slab.id, cell.offset(), address, cell.lengthBytes());
      } else {
        transfer.read(slab.id, cell.offset(), address, cell.lengthBytes());
      }
      submittedAt = world.now();
      deadlineNanos =
          client.nanoTime()
              + world.skewed(World.MILLI, world.chance(2) ? World.SECOND : 50 * World.MILLI);
      memory.submit(transfer);
    }

    /** Waits until it is over. */
    void await(long untilNanos) {
      try {
        memory.await(transfer, untilNanos);
      } catch (TransportException e) {
        world.require(transfer.isComplete(), transfer + " was waited for and goes on: " + e);
      }
      settle();
    }

    /** Looks at what has come of it. */
    void settle() {
      if (transfer.isDone()) {
        world.require(
            !slab.lease.hadEnded(submittedAt), transfer + " was carried out after its lease");
        if (transfer.isWrite()) {
          cell.written(stamp);
        } else {
          cell.read(world, bytes);
        }
        world.count(transfer.isWrite() ? "write" : "read");
      } else {
        fail(transfer.failure());
      }
      Cell.fill(bytes, NOBODYS);
      slab = null;
    }

    private void fail(TransportException failure) {
      world.count(failure.getClass().getSimpleName());
      if (failure instanceof SlabLostException) {
        world.require(
            slab.lease.hadEnded(world.now()), "a slab is lost and its lease lives: " + failure);
        slab.lost = true;
      } else if (transfer.isWrite()) {
        cell.perhapsWritten(stamp);
      }
      world.require(isOfTheNetwork(failure) || slab.lost, "an odd failure: " + failure);
    }
  }

  private static boolean isOfTheNetwork(TransportException failure) {
    return failure instanceof TransportTimeoutException
        || failure instanceof ConnectionLostException;
  }

  private void turn() {
    if (over) {
      return;
    }
    if (memory == null) {
      open();
    } else {
      copies.stream().filter(Copy::isUnderWay).forEach(this::look);
      forgetLostSlabs();
      if (!quiet) {
        act();
      }
    }
    client.after(world.between(World.MILLI, 40 * World.MILLI), this::turn);
  }

  private void open() {
    SessionOptions options =
        new SessionOptions(
            new ServerAddress("simulated", 1),
            Optional.empty(),
            Optional.empty(),
            (int) world.between(1, MOST_CONNECTIONS),
            RETRY_NANOS,
            CONNECT_NANOS,
            client.clock(),
            client);
    try {
      memory = TcpMemories.open(options);
    } catch (ConnectionLostException e) {
      world.count("could not open");
    }
  }

  private void look(Copy copy) {
    if (memory.poll(copy.transfer)) {
      copy.settle();
    } else if (mayWait() && client.nanoTime() - copy.deadlineNanos >= 0) {
      copy.await(copy.deadlineNanos);
    }
  }

  /** Whoever waited inside the attempt to connect would wait for himself. */
  private boolean mayWait() {
    return !client.isConnecting();
  }

  private void forgetLostSlabs() {
    for (FarSlab slab : List.copyOf(slabs)) {
      if (slab.lost && slab.isIdle()) {
        memory.releaseSlab(slab.id);
        slabs.remove(slab);
      }
    }
  }

  private void act() {
    client.caller(world.below(MOST_CONNECTIONS));
    int what = world.below(16);
    if (what < 10 && !slabs.isEmpty()) {
      startCopy();
    } else if (what < 13 || slabs.isEmpty()) {
      if (slabs.size() < MOST_SLABS && mayWait()) {
        allocate();
      }
    } else if (mayWait()) {
      switch (what) {
        case 13 -> release(slabs.get(world.below(slabs.size())));
        case 14 -> call();
        default ->
            copies.stream()
                .filter(Copy::isUnderWay)
                .findFirst()
                .ifPresent(copy -> copy.await(copy.deadlineNanos));
      }
    }
  }

  private void startCopy() {
    FarSlab slab = slabs.get(world.below(slabs.size()));
    Cell cell = slab.cells.get(world.below(slab.cells.size()));
    boolean free =
        !slab.lost
            && !slab.releasing
            && copies.stream().noneMatch(copy -> copy.cell == cell && copy.isUnderWay());
    copies.stream()
        .filter(copy -> free && !copy.isUnderWay())
        .findFirst()
        .ifPresent(
            copy -> {
              copy.start(slab, cell, world.chance(2));
              if (!world.chance(3)) {
                memory.flush();
              }
            });
  }

  private void allocate() {
    try {
      slabs.add(new FarSlab(memory.allocateSlab()));
      world.count("allocation");
    } catch (FarMemoryFullException e) {
      world.count("full");
    } catch (ConnectionLostException | TransportTimeoutException e) {
      world.count("allocation failed");
    }
  }

  private void release(FarSlab slab) {
    for (Copy copy : copies) {
      if (copy.slab == slab) {
        memory.fence(copy.transfer);
        copy.settle();
      }
    }
    boolean before = slab.releasing;
    slab.releasing = true;
    try {
      memory.releaseSlab(slab.id);
      slabs.remove(slab);
      world.count("release");
    } catch (ConnectionLostException | TransportTimeoutException e) {
      world.count("release failed");
    } catch (RequestRefusedException e) {
      world.require(before, "a slab cannot be released: " + e);
      slabs.remove(slab);
    }
  }

  private void call() {
    byte[] argument = {(byte) world.below(100), 1, 2};
    try {
      world.require(
          Arrays.equals(argument, memory.call("echo", argument, World.SECOND)),
          "a call was answered with another's result");
      world.count("call");
    } catch (ConnectionLostException | TransportTimeoutException e) {
      world.count("call failed");
    }
  }

  /** All is well again, and has been for some time: so it must be here. */
  void requireAllIsWell() {
    over = true;
    copies.forEach(copy -> world.require(!copy.isUnderWay(), copy.transfer + " does not end"));
    world.require(memory != null, "a client could not connect");
    for (FarSlab slab : List.copyOf(slabs)) {
      for (Cell cell : slab.cells) {
        if (!slab.releasing && !slab.lost) {
          requireDone(slab, cell, false);
        }
      }
    }
    forgetLostSlabs();
    if (slabs.isEmpty() && server.truth().allocated() < ServerProcess.SLABS) {
      slabs.add(new FarSlab(memory.allocateSlab()));
    }
    for (FarSlab slab : slabs) {
      if (!slab.releasing) {
        Cell cell = slab.cells.get(world.below(slab.cells.size()));
        requireDone(slab, cell, true);
        requireDone(slab, cell, false);
      }
    }
  }

  private void requireDone(FarSlab slab, Cell cell, boolean write) {
    Copy copy = copies.getFirst();
    client.caller(world.below(MOST_CONNECTIONS));
    copy.start(slab, cell, write);
    copy.await(client.nanoTime() + 2 * World.SECOND);
    world.require(
        copy.transfer.isDone() || slab.lost,
        copy.transfer + " fails though all is well: " + copy.transfer.failure());
  }

  void close() {
    client.leave();
    memory.close();
  }
}
