package io.farheap.base.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the agents of one heap: on a thread of its own, and on any thread that waits for what they
 * do. One thread at a time steps them.
 */
public final class AgentRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRunner.class);
  private static final int SPINS = 32;
  private static final int YIELDS = 8;
  private static final long BUSY_PARK_NANOS = 20_000;
  private static final long IDLE_PARK_NANOS = 10_000_000;

  private final ReentrantLock stepping = new ReentrantLock();
  private final List<Agent> agents;
  private final BooleanSupplier busy;
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closed;

  /**
   * Wires the agents.
   *
   * @param agents stepped in this order
   * @param busy whether one of them waits for something that comes soon, so that the thread sleeps
   *     for a short time only
   * @param ownThread whether to start a thread
   */
  public AgentRunner(List<Agent> agents, BooleanSupplier busy, boolean ownThread) {
    this.agents = new ArrayList<>(agents);
    this.busy = busy;
    this.thread =
        ownThread ? Thread.ofPlatform().daemon().name("farheap-agents").unstarted(this::run) : null;
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
   * Does one step of every agent unless another thread is at it.
   *
   * @return amount of work done
   */
  public int step() {
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

  /** Tells the thread that there is work. Cheap if it knows already. */
  public void wake() {
    if (idle) {
      idle = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    int quiet = 0;
    while (!closed) {
      int work;
      try {
        work = step();
      } catch (RuntimeException e) {
        LOG.error("a background step failed; the heap goes on", e);
        work = 0;
      }
      if (work > 0) {
        quiet = 0;
      } else {
        quiet++;
        pause(quiet);
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a stage of waiting, not a means of order
  private void pause(int quiet) {
    if (quiet <= SPINS) {
      Thread.onSpinWait();
    } else if (quiet <= SPINS + YIELDS) {
      Thread.yield();
    } else {
      idle = true;
      LockSupport.parkNanos(this, busy.getAsBoolean() ? BUSY_PARK_NANOS : IDLE_PARK_NANOS);
      idle = false;
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
