package io.farheap.proof;

import io.farheap.error.StaleHandleException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The simulated application threads: each has its nested scopes, and what it holds in them. */
final class SimThreads {
  private static final int MOST_SCOPES = 3;
  private static final int MOST_HELD = 24;
  private static final int NOBODY = -1;
  private static final int MORE_THAN_A_LOG = 270;

  private final SimWorld world;
  private final SimulationPlan plan;
  private final SimActions actions;
  private final SplittableRandom random;
  private final List<List<SimScope>> threads = new ArrayList<>();
  private int waiting = NOBODY;

  SimThreads(SimWorld world, SimulationPlan plan, SimActions actions, SplittableRandom random) {
    this.world = world;
    this.plan = plan;
    this.actions = actions;
    this.random = random;
    for (int i = 0; i < plan.threads(); i++) {
      threads.add(new ArrayList<>());
    }
  }

  /** A thread that waits for far memory in its scope does nothing else there. */
  void act(boolean nested) {
    int thread = random.nextInt(threads.size());
    if (nested && thread == waiting) {
      return;
    }
    int before = waiting;
    waiting = nested ? before : thread;
    try {
      actInScope(threads.get(thread), nested);
    } finally {
      waiting = before;
    }
  }

  private void actInScope(List<SimScope> scopes, boolean nested) {
    int roll = random.nextInt(20);
    if (scopes.isEmpty() || (roll == 0 && scopes.size() < MOST_SCOPES)) {
      scopes.add(new SimScope(world.heap.enter()));
      return;
    }
    boolean ends = roll < 3 || (plan.shortScopes() && random.nextInt(3) == 0);
    if (ends && !nested) {
      scopes.removeLast().close();
      return;
    }
    SimScope scope = scopes.get(random.nextInt(scopes.size()));
    if (roll == 3 && !nested) {
      scope.renew();
    } else if (roll < 8) {
      scope.check();
    } else if (roll < 11) {
      writeHeld(scope);
    } else if (scope.held.size() < MOST_HELD) {
      dereference(scope, nested);
    }
  }

  private void writeHeld(SimScope scope) {
    if (!scope.held.isEmpty()) {
      SimScope.Held held = scope.held.get(random.nextInt(scope.held.size()));
      if (held.mutable()) {
        actions.writeInPlace(held.object(), held.segment());
      }
    }
  }

  private void dereference(SimScope scope, boolean nested) {
    SimObject object = actions.pick(nested);
    if (object == null) {
      return;
    }
    boolean mutable = random.nextBoolean();
    int times = plan.longScopes() && random.nextInt(16) == 0 ? random.nextInt(MORE_THAN_A_LOG) : 1;
    try {
      MemorySegment segment = null;
      for (int i = 0; i < Math.max(1, times); i++) {
        segment =
            mutable
                ? world.heap.handles().derefMut(scope.scope, object.handle)
                : world.heap.handles().deref(scope.scope, object.handle);
      }
      scope.hold(object, segment, mutable);
    } catch (StaleHandleException e) {
      Simulation.freedMeanwhile(object, e);
    }
  }

  void closeAll() {
    for (List<SimScope> scopes : threads) {
      while (!scopes.isEmpty()) {
        scopes.removeLast().close();
      }
    }
  }
}
