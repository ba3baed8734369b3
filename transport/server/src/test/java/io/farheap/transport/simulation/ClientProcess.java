package io.farheap.transport.simulation;

import io.farheap.transport.session.Lane;
import io.farheap.transport.session.Link;
import io.farheap.transport.session.ServerAddress;
import io.farheap.transport.session.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One life of a client's process: what a session stands on, in steps of the {@link World}. It can
 * be stopped for a while, as by SIGSTOP, and killed.
 */
final class ClientProcess implements Surroundings {
  private static final long SHORTEST_PAUSE_NANOS = 10 * World.MICRO;
  private static final long ROUND_NANOS = 40 * World.MILLI;

  private final World world;
  private final ServerProcess server;
  private final SkewedClock clock;
  private final long delayNanos;
  private final List<Connection> connections = new ArrayList<>();
  private LaneRounds keeper;
  private long stoppedUntilNanos;
  private long unreachableUntilNanos;
  private boolean dead;
  private boolean connecting;
  private boolean leaving;
  private int caller;
  private ServerTruth.LeaseTruth lease;

  ClientProcess(World world, ServerProcess server) {
    this.world = world;
    this.server = server;
    this.clock = new SkewedClock(world);
    this.delayNanos = world.skewed(50 * World.MICRO, 8 * World.MILLI);
  }

  SkewedClock clock() {
    return clock;
  }

  /** Its connections. */
  List<Connection> open() {
    connections.removeIf(Connection::isClosed);
    return connections;
  }

  /** The number of the thread that acts next. */
  void caller(int number) {
    caller = number;
  }

  /** Whether somebody is in the middle of connecting, so that who waited now would wait long. */
  boolean isConnecting() {
    return connecting;
  }

  /** The lease under which it has allocated last. */
  ServerTruth.LeaseTruth lease() {
    return lease;
  }

  void lease(ServerTruth.LeaseTruth last) {
    lease = last;
  }

  /** It is about to end its lease. */
  void leave() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }

  boolean isDead() {
    return dead;
  }

  long stoppedUntil() {
    return stoppedUntilNanos;
  }

  /** Until then nothing goes to it or comes from it. */
  long unreachableUntil() {
    return unreachableUntilNanos;
  }

  void stopFor(long nanos) {
    stoppedUntilNanos = world.now() + nanos;
  }

  void unreachableFor(long nanos) {
    unreachableUntilNanos = world.now() + nanos;
  }

  /** Ends the process; the system closes its connections. */
  void kill() {
    dead = true;
    List.copyOf(connections).forEach(Connection::close);
  }

  /** Does something on a thread of this process after some time. */
  void after(long nanos, Runnable action) {
    world.after(clock.worldNanos(nanos), () -> run(action));
  }

  private void run(Runnable action) {
    if (dead) {
      return;
    }
    if (stoppedUntilNanos > world.now()) {
      world.after(stoppedUntilNanos - world.now(), () -> run(action));
      return;
    }
    try {
      action.run();
    } catch (ProcessEnded e) {
      world.require(dead, "a process has ended that was not killed");
    }
  }

  @Override
  public Link connect(ServerAddress address, long mostNanos) throws IOException {
    pause(2 * delayNanos);
    if (unreachableUntilNanos > world.now()) {
      pause(mostNanos);
      throw new IOException("nobody answers");
    }
    if (!server.isUp()) {
      throw new IOException("nobody listens");
    }
    Connection connection = new Connection(world, delayNanos, this, server);
    connections.add(connection);
    server.accept(connection);
    return connection;
  }

  @Override
  public long nanoTime() {
    return clock.getAsLong();
  }

  @Override
  public void pause(long nanos) {
    if (!dead) {
      world.passUntil(world.now() + Math.max(SHORTEST_PAUSE_NANOS, clock.worldNanos(nanos)));
    }
    while (!dead && stoppedUntilNanos > world.now()) {
      world.passUntil(stoppedUntilNanos);
    }
    if (dead) {
      throw new ProcessEnded();
    }
  }

  @Override
  public long caller() {
    return caller;
  }

  @Override
  public Background background(String name, LongSupplier step) {
    return new Steps(step);
  }

  @Override
  public LaneKeeper keeper(LongConsumer round) {
    keeper = new LaneRounds(round);
    return keeper;
  }

  /** A lane can perhaps go on. */
  void ready() {
    if (!dead && keeper != null) {
      keeper.lookSoon();
    }
  }

  private final class Steps implements Background {
    private final LongSupplier step;
    private boolean alive = true;

    Steps(LongSupplier step) {
      this.step = step;
      after(world.between(0, World.MILLI), this::next);
    }

    private void next() {
      connecting = true;
      long restNanos;
      try {
        restNanos = step.getAsLong();
      } finally {
        connecting = false;
      }
      if (restNanos == OVER) {
        alive = false;
      } else {
        after(restNanos, this::next);
      }
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public void awaitEnd(long mostMillis) {
      throw new UnsupportedOperationException("a session in frames does not wait for this");
    }
  }

  private final class LaneRounds implements LaneKeeper {
    private final LongConsumer round;
    private final Set<Lane> lanes = new LinkedHashSet<>();
    private boolean looksSoon;
    private boolean over;

    LaneRounds(LongConsumer round) {
      this.round = round;
    }

    @Override
    public void start() {
      after(ROUND_NANOS, this::makeRound);
    }

    private void makeRound() {
      if (!over) {
        round.accept(nanoTime());
        after(ROUND_NANOS, this::makeRound);
      }
    }

    @Override
    public void watch(Lane lane) {
      lanes.add(lane);
      lookSoon();
    }

    void lookSoon() {
      if (!looksSoon && !lanes.isEmpty()) {
        looksSoon = true;
        after(
            world.between(0, World.MILLI),
            () -> {
              looksSoon = false;
              List.copyOf(lanes).forEach(Lane::look);
            });
      }
    }

    @Override
    public void stop() {
      over = true;
      lanes.clear();
    }
  }
}
