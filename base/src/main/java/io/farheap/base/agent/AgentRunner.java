package io.farheap.base.agent;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives agents: on a thread of its own, and on any thread that waits for what they do. One thread
 * at a time steps them.
 *
 * <p>Its own thread goes through the stages of a {@link Backoff} while there is nothing to do, and
 * then sleeps. It says so before it steps a last time, and {@link #wake} looks after its caller has
 * said what there is to do: one of the two sees the other, so no work waits for a sleeper.
 */
public final class AgentRunner implements AutoCloseable {
  /** For a sleep that only {@link #wake} ends. */
  public static final long UNTIL_WOKEN = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(AgentRunner.class);
  private static final int SPINS = 32;
  private static final int YIELDS = 8;

  private final ReentrantLock stepping = new ReentrantLock();
  private final List<Agent> agents;
  private final LongSupplier sleepNanos;
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closed;

  /**
   * Wires agents for a thread of their own.
   *
   * @param name the thread's
   * @param agents stepped in this order
   * @param sleepNanos how long to sleep at most when there is nothing to do; asked on the thread
   */
  public AgentRunner(String name, List<Agent> agents, LongSupplier sleepNanos) {
    this.agents = new ArrayList<>(agents);
    this.sleepNanos = sleepNanos;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /**
   * Wires agents that only those step who wait for them.
   *
   * @param agents stepped in this order
   */
  public AgentRunner(List<Agent> agents) {
    this.agents = new ArrayList<>(agents);
    this.sleepNanos = () -> UNTIL_WOKEN;
    this.thread = null;
  }

  /** Adds an agent that uses this itself; before the start. */
  public void add(Agent agent) {
    agents.add(agent);
  }

  /** Starts the thread, if there is to be one. */
  public void start() {
    if (thread != null) {
      thread.start();
    }
  }

  /**
   * Does one step of every agent unless another thread is at it. A virtual thread leaves it to the
   * agents' own thread if there is one: if it had to wait inside a step, for a lock, it would go on
   * only when all other virtual threads have had their turn, and until then no agent could.
   *
   * @return amount of work done
   */
  public int step() {
    if (thread != null && Thread.currentThread().isVirtual()) {
      wake();
      return 0;
    }
    // An agent is not stepped from inside a step, whoever may be called there.
    if (stepping.isHeldByCurrentThread() || !stepping.tryLock()) {
      return 0;
    }
    try {
      int work = 0;
      for (Agent agent : agents) {
        work += agent.doWork();
      }
      return work;
    } finally {
      stepping.unlock();
    }
  }

  /** Tells the thread that there is work. Cheap if it is awake. */
  public void wake() {
    VarHandle.fullFence(); // what there is to do goes before the look
    if (idle) {
      idle = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    Backoff backoff = new Backoff(SPINS, YIELDS);
    while (!closed) {
      if (stepSurely() > 0) {
        backoff.reset();
      } else if (!backoff.pauseAwake() && sleep() > 0) {
        backoff.reset();
      }
    }
  }

  /** Sleeps unless there is work after all; answers how much was done. */
  private int sleep() {
    idle = true;
    VarHandle.fullFence();
    int work = stepSurely();
    if (work == 0 && idle && !closed) {
      LockSupport.parkNanos(this, sleepNanos.getAsLong());
    }
    idle = false;
    return work;
  }

  private int stepSurely() {
    try {
      return step();
    } catch (RuntimeException e) {
      LOG.error("a step of {} failed; it goes on", thread.getName(), e);
      return 0;
    }
  }

  /** Ends the thread; the agents may still be stepped. */
  @Override
  public void close() {
    closed = true;
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
