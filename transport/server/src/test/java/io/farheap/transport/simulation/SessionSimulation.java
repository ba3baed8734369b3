package io.farheap.transport.simulation;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Some clients and a memory server, as they ship, over a network and clocks that are simulated.
 * First things go wrong, then everything is mended, and then everything must be well.
 */
public final class SessionSimulation implements LongFunction<Map<String, Integer>> {
  private static final int MOST_CLIENTS = 3;
  private static final long WRONG_NANOS = 4 * World.SECOND;

  /** What is under way ends in this time, and who can connect has done so. */
  private static final long MENDED_NANOS = 4 * World.SECOND;

  /** Simulations of any seed. */
  public SessionSimulation() {}

  /**
   * Runs one.
   *
   * @param seed all that happens comes from it
   * @return how often what has happened
   * @throws AssertionError if a promise was broken; says when, and has the log
   */
  @Override
  public Map<String, Integer> apply(long seed) {
    PrintStream errors = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, false, StandardCharsets.UTF_8));
    try (Arena arena = Arena.ofConfined()) {
      return new Run(seed, arena).toTheEnd();
    } catch (RuntimeException | AssertionError e) {
      System.err.flush();
      throw new AssertionError(
          "seed " + seed + ": " + e + "\n" + log.toString(StandardCharsets.UTF_8), e);
    } finally {
      System.setErr(errors);
    }
  }

  private static final class Run {
    private final Arena arena;
    private final World world;
    private final ServerProcess server;
    private final List<Application> applications = new ArrayList<>();
    private int started;

    Run(long seed, Arena arena) {
      this.arena = arena;
      this.world = new World(seed);
      this.server = new ServerProcess(world);
      for (long i = world.between(1, MOST_CLIENTS); i > 0; i--) {
        applications.add(begin());
      }
    }

    private Application begin() {
      ClientProcess client = new ClientProcess(world, server);
      return new Application(world, server, client, started++ % 16, arena);
    }

    /** Kills a client, whose place is taken by another. */
    private void restart() {
      int which = world.below(applications.size());
      applications.get(which).client().kill();
      applications.set(which, begin());
    }

    Map<String, Integer> toTheEnd() {
      Faults faults = new Faults(world, server, applications, this::restart);
      world.passUntil(WRONG_NANOS);
      faults.end();
      applications.forEach(Application::quieten);
      world.passUntil(world.now() + MENDED_NANOS);
      applications.forEach(Application::requireAllIsWell);
      applications.forEach(Application::close);
      world.passUntil(world.now() + 2 * server.leaseNanos());
      world.require(server.truth().allocated() == 0, "slabs are left that are nobody's");
      server.end();
      return world.counts();
    }
  }
}
