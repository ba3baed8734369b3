package io.farheap.proof;

import io.farheap.Handles;
import io.farheap.SharedPtr;
import io.farheap.WeakPtr;
import io.farheap.error.StaleHandleException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What simulated threads do about owning objects: share, move, give up, and use what was freed. */
final class SimOwners {
  private static final int MOST_STALE = 64;

  private final SimWorld world;
  private final Handles handles;
  private final SplittableRandom random;
  private final List<SimObject> live;
  private final List<SimObject> dead = new ArrayList<>();

  SimOwners(SimWorld world, SplittableRandom random, List<SimObject> live) {
    this.world = world;
    this.handles = world.heap.handles();
    this.random = random;
    this.live = live;
  }

  /** Gives up one owner, whichever. */
  void release(SimObject object) {
    int owner = random.nextInt(object.owners());
    if (owner < object.plainOwners) {
      object.plainOwners--;
      handles.free(object.handle);
    } else if (object.unique != null) {
      object.unique.free();
      object.unique = null;
    } else {
      object.shared.remove(random.nextInt(object.shared.size())).close();
    }
    if (object.owners() == 0) {
      object.dead = true;
      live.remove(object);
      dead.add(object);
      if (dead.size() > MOST_STALE) {
        dead.removeFirst();
      }
    }
  }

  /** Frees everything in an object's segment, so that the segment dies. */
  void purge(SimObject object) {
    int segment = world.segment(object.handle);
    for (SimObject other : List.copyOf(live)) {
      while (world.segment(other.handle) == segment && !other.dead) {
        release(other);
      }
    }
  }

  void addOwner(SimObject object) {
    switch (random.nextInt(5)) {
      case 0 -> {
        if (object.unique != null) {
          object.shared.add(object.unique.share());
          object.unique = null;
        }
      }
      case 1 -> {
        if (object.unique != null) {
          object.unique = object.unique.move();
        }
      }
      case 2 -> {
        if (!object.shared.isEmpty()) {
          object.shared.add(object.shared.getFirst().alias());
          object.weak.add(object.shared.getFirst().weak());
        }
      }
      case 3 -> {
        if (!object.weak.isEmpty()) {
          object.shared.add(object.weak.getFirst().lock().orElseThrow());
        }
      }
      default -> {
        SimActions.require(handles.retain(object.handle), "retain of " + object);
        object.plainOwners++;
      }
    }
  }

  /** A freed object's handles must name nothing, whatever lives in its record now. */
  void useStale() {
    if (dead.isEmpty()) {
      return;
    }
    SimObject object = dead.get(random.nextInt(dead.size()));
    for (WeakPtr<byte[]> weak : object.weak) {
      Optional<SharedPtr<byte[]>> locked = weak.lock();
      SimActions.require(locked.isEmpty(), "weak pointer became an owner of " + object);
    }
    SimActions.require(!handles.retain(object.handle), "retain of " + object);
    Runnable use =
        switch (random.nextInt(5)) {
          case 0 -> () -> handles.free(object.handle);
          case 1 -> () -> handles.getByte(object.handle, 0);
          case 2 -> () -> handles.setByte(object.handle, 0, (byte) 1);
          case 3 -> () -> handles.lengthBytes(object.handle);
          default -> () -> handles.read(object.handle, 0, MemorySegment.ofArray(new byte[1]));
        };
    try {
      use.run();
    } catch (StaleHandleException e) {
      return;
    }
    throw new SimulationFailure("a stale handle was accepted: " + object);
  }
}
