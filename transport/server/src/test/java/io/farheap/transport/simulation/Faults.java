package io.farheap.transport.simulation;

import java.util.ArrayList;
import java.util.List;

/** What goes wrong, each kind as often as the seed wants it, until everything is mended. */
final class Faults {
  private static final long SHORTEST_NANOS = 5 * World.MILLI;
  private static final long LONGEST_NANOS = 2 * World.SECOND;

  private final World world;
  private final ServerProcess server;
  private final List<Application> applications;
  private boolean over;

  Faults(World world, ServerProcess server, List<Application> applications, Runnable restart) {
    this.world = world;
    this.server = server;
    this.applications = applications;
    often("cut", () -> connections().forEach(this::perhapsCut));
    often("silent connection", () -> any(connections()).silence());
    often("held connection", () -> any(connections()).holdFor(aWhile()));
    often("overtaken connection", () -> overtake(any(connections())));
    often("damaged request", () -> any(connections()).toServer().damage());
    often("damaged reply", () -> any(connections()).toClient().damage());
    often("client stopped", () -> any(applications).client().stopFor(aWhile()));
    often("client unreachable", () -> any(applications).client().unreachableFor(aWhile()));
    often("client killed", restart);
    often("server stopped", () -> server.stopFor(aWhile()));
    often("server killed", this::killServer);
  }

  private void often(String name, Runnable fault) {
    if (!world.chance(3)) {
      long everyNanos = world.skewed(120 * World.MILLI, 8 * World.SECOND);
      world.after(world.between(0, 2 * everyNanos), () -> happen(name, fault, everyNanos));
    }
  }

  private void happen(String name, Runnable fault, long everyNanos) {
    if (!over) {
      if (!connections().isEmpty()) {
        world.count(name);
        fault.run();
      }
      world.after(world.between(0, 2 * everyNanos), () -> happen(name, fault, everyNanos));
    }
  }

  /** The session ends, and what is under way on one of its connections comes later. */
  private void overtake(Connection late) {
    late.holdFor(world.between(20 * World.MILLI, 500 * World.MILLI));
    late.client().open().stream().filter(other -> other != late).forEach(Connection::cut);
  }

  private void perhapsCut(Connection connection) {
    if (world.chance(2)) {
      connection.cut();
    }
  }

  private void killServer() {
    if (server.isUp()) {
      server.killFor(world.skewed(World.MILLI, World.SECOND));
    }
  }

  private List<Connection> connections() {
    List<Connection> all = new ArrayList<>();
    applications.forEach(application -> all.addAll(application.client().open()));
    return all;
  }

  private <T> T any(List<T> things) {
    return things.get(world.below(things.size()));
  }

  private long aWhile() {
    return world.skewed(SHORTEST_NANOS, LONGEST_NANOS);
  }

  /** From now on nothing goes wrong any more. */
  void end() {
    over = true;
    server.stopFor(0);
    for (Application application : applications) {
      application.client().stopFor(0);
      application.client().unreachableFor(0);
    }
  }
}
