package io.farheap.proof;

import io.farheap.error.FarAccessException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.error.StaleHandleException;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One seeded run of a heap on one thread: simulated application threads, each with scopes and
 * segments of its own, the agents, time and the transport's faults take turns at random, also in
 * the middle of each other's fetches. Every byte ever read is compared with a reference on the Java
 * heap; at the end the heap is recounted.
 */
public final class Simulation {
  private static final int MOST_PINS = 4;
  private static final int ACTIONS_PER_PURGE = 60;

  private final SimulationPlan plan;
  private final Sabotage sabotage;
  private final SplittableRandom random;
  private final SimWorld world;
  private final SimActions actions;
  private final SimOwners owners;
  private final SimThreads scopes;
  private final TreeMap<String, Integer> events = new TreeMap<>();
  private int depth;
  private boolean finishing;

  private Simulation(SimulationPlan plan, Sabotage sabotage) {
    this.plan = plan;
    this.sabotage = sabotage;
    this.random = new SplittableRandom(plan.seed() ^ 0x5DEECE66DL);
    this.world = new SimWorld(plan, sabotage, random);
    this.actions = new SimActions(world, plan, random);
    this.owners = new SimOwners(world, random, actions.live);
    this.scopes = new SimThreads(world, plan, actions, random);
    world.interleaved.others(this::others);
    sabotage.others(this::othersMeet);
  }

  /**
   * Runs a plan.
   *
   * @return how often what happened that a plan cannot promise
   * @throws AssertionError if a check failed; the message names the plan
   */
  public static Map<String, Integer> run(SimulationPlan plan, Sabotage sabotage) {
    Simulation simulation = new Simulation(plan, sabotage);
    try {
      return simulation.run();
    } catch (OutOfLocalMemoryException e) {
      throw new SimulationFailure(plan + ": " + e + simulation.world.describeFrames(), e);
    } catch (RuntimeException | Error e) {
      throw new SimulationFailure(plan + ": " + e, e);
    }
  }

  private Map<String, Integer> run() {
    populate();
    for (int i = 0; i < plan.actions(); i++) {
      guarded(() -> act(false));
      if (random.nextInt(ACTIONS_PER_PURGE) == 0 && !actions.live.isEmpty()) {
        owners.purge(actions.live.get(random.nextInt(actions.live.size())));
      }
    }
    finish();
    return events;
  }

  /** Allocates more than fits into the frames. */
  private void populate() {
    for (int i = 0; i < plan.objects(); i++) {
      guarded(() -> actions.allocate(false));
      world.step();
    }
  }

  /** Others may act while a fetch is under way. */
  private void others() {
    if (random.nextBoolean()) {
      othersAct();
    }
  }

  /** Others act while an object is on its way, as likely as not on that object. */
  private void othersMeet(long record) {
    actions.attend(record);
    othersAct();
  }

  /** Not so that this thread's scopes would be parked. */
  private void othersAct() {
    if (depth > 0 || world.alone || world.outOfScopes()) {
      return;
    }
    depth++;
    try {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        if (random.nextBoolean()) {
          world.step();
        } else if (world.calm()) {
          count("interleaved");
          guarded(() -> act(true));
          guarded(actions::patchUnderWay);
        }
      }
    } finally {
      depth--;
    }
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (FarAccessException e) {
      if (!plan.mayFail()) {
        throw e;
      }
      count("far access failed");
    } catch (OutOfFarMemoryException e) {
      actions.requireFull(1, e); // the object path needs room in the log
      count("out of far memory");
    } catch (OutOfLocalMemoryException e) {
      count("out of local memory");
      relieve(e);
    }
  }

  private void count(String event) {
    events.merge(event, 1, Integer::sum);
  }

  /** All frames were held; once nobody holds any, the heap must work again. */
  private void relieve(OutOfLocalMemoryException e) {
    if (depth > 0 || finishing) {
      throw e;
    }
    world.faulty.setEnabled(false);
    depth++;
    closeAll();
    world.drain();
    finishing = true;
    SimObject object = actions.pick(false);
    if (object != null) {
      guarded(() -> actions.read(object));
    }
    finishing = false;
    depth--;
    world.resume();
    world.faulty.setEnabled(true);
  }

  private void act(boolean nested) {
    int roll = random.nextInt(100);
    if (roll < 20) {
      turnOfAgents(nested);
    } else if (roll < 48) {
      scopes.act(nested);
    } else if (roll < 50) {
      if (!nested && random.nextBoolean()) {
        actions.readInOrder();
      } else if (!nested) {
        count("fetched together");
        actions.fetchTogether();
      }
    } else if (roll < 60) {
      if (actions.live.size() < plan.objects()) {
        actions.allocate(nested);
      }
    } else if (roll < 62) {
      owners.useStale();
    } else if (roll < 66) {
      actions.usePin();
    } else if (roll < 68) {
      actions.unpin();
    } else {
      SimObject object = actions.pick(nested);
      if (object != null) {
        actOn(object, roll);
      }
    }
  }

  private void actOn(SimObject object, int roll) {
    try {
      switch (roll) {
        case 68, 69, 70 -> owners.addOwner(object);
        case 71, 72, 73, 74, 75 -> owners.release(object);
        case 76, 77, 78, 79 -> actions.read(object);
        case 80, 81, 82, 83, 84 -> actions.readRange(object);
        case 85, 86, 87 -> actions.readField(object);
        case 88, 89, 90, 91, 92, 93 -> actions.writeRange(object);
        case 94, 95, 96, 97 -> actions.writeField(object);
        default -> {
          if (actions.pins.size() < MOST_PINS) {
            actions.pin(object);
          }
        }
      }
    } catch (StaleHandleException e) {
      freedMeanwhile(object, e);
    }
  }

  /** While this thread waited for far memory another one may have freed the object. */
  static void freedMeanwhile(SimObject object, StaleHandleException e) {
    if (!object.dead) {
      throw e;
    }
  }

  private void turnOfAgents(boolean nested) {
    switch (random.nextInt(8)) {
      case 0 -> world.clock.advance(random.nextLong(300_000));
      case 1 -> {
        if (!nested) {
          world.faulty.setEnabled(random.nextInt(3) != 0);
        }
      }
      default -> {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
          world.step();
        }
      }
    }
  }

  private void closeAll() {
    scopes.closeAll();
    while (!actions.pins.isEmpty()) {
      actions.unpin();
    }
  }

  private void finish() {
    world.interleaved.others(() -> {});
    sabotage.others(record -> {});
    finishing = true;
    world.faulty.setEnabled(false);
    closeAll();
    world.drain();
    audit();
    for (SimObject object : actions.live) {
      guarded(() -> actions.read(object));
      world.step();
    }
    world.drain();
    audit();
    while (!actions.live.isEmpty()) {
      owners.release(actions.live.getLast());
    }
    world.dropBallast();
    world.memory.sealLogs();
    world.drain();
    audit();
    if (world.memory.segments().usedSegments() > 0) {
      throw new SimulationFailure(
          world.memory.segments().usedSegments() + " segments are in use in an empty heap");
    }
    countStatistics();
    world.close();
  }

  /** What the heap itself did, so that a test sees that it did all of it. */
  private void countStatistics() {
    HeapStats stats = world.heap.runtime().stats();
    for (Counter counter : Counter.values()) {
      events.merge(counter.name(), (int) Math.min(1, stats.count(counter)), Integer::sum);
    }
    sabotage.events().forEach((event, times) -> events.merge(event, times, Integer::sum));
  }

  private void audit() {
    List<HeapAudit.Expected> live = new ArrayList<>();
    List<Long> pinned = new ArrayList<>();
    for (SimObject object : actions.live) {
      live.add(new HeapAudit.Expected(object.handle, object.bytes.length, object.owners()));
    }
    world.addBallast(live, pinned);
    HeapAudit.check(world.memory, live, pinned);
  }
}
