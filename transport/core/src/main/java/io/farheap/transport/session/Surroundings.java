package io.farheap.transport.session;

import java.io.IOException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What a session stands on: connections, the time, and others who act beside its callers.
 * Everything else about a session is the same whatever it stands on.
 */
public interface Surroundings {
  /** Sockets, the system's clock, and threads of this process. */
  Surroundings THIS_PROCESS = new ThisProcess();

  /** What a step in the background answers when there is nothing more to do. */
  long OVER = -1;

  /** Somebody who does steps in the background. */
  interface Background {
    /**
     * Whether there are steps to come.
     *
     * @return false once a step has answered {@link Surroundings#OVER}, or has failed
     */
    boolean isAlive();

    /**
     * Waits until there are none, without a pause between them.
     *
     * @param mostMillis how long to wait
     */
    void awaitEnd(long mostMillis);
  }

  /** Somebody who looks after lanes that nobody looks at. */
  interface LaneKeeper {
    /** Begins with it. */
    void start();

    /**
     * Looks after a lane as long as it needs it.
     *
     * @param lane where somebody waits without looking, or not everything could be sent
     */
    void watch(Lane lane);

    /** Ends it. */
    void stop();
  }

  /**
   * Connects to a server.
   *
   * @param server where it is
   * @param mostNanos how long that may take
   * @return a link that is connected
   * @throws IOException if the server cannot be reached
   */
  Link connect(ServerAddress server, long mostNanos) throws IOException;

  /**
   * The time.
   *
   * @return nanoseconds from an arbitrary origin, as {@link System#nanoTime}
   */
  long nanoTime();

  /**
   * Lets the calling thread rest, perhaps for less.
   *
   * @param nanos how long; 0 only lets other threads go first
   */
  void pause(long nanos);

  /**
   * Who calls.
   *
   * @return a number of the calling thread, 0 or more
   */
  long caller();

  /**
   * Has steps done beside the callers, each of which may wait for the server.
   *
   * @param name says for what
   * @param step answers after how many nanoseconds it wants to be called again, or {@link #OVER}
   * @return who does them
   */
  Background background(String name, LongSupplier step);

  /**
   * Makes a keeper that has not begun.
   *
   * @param round is to be called now and then, with a reading of {@link #nanoTime}
   * @return the keeper
   */
  LaneKeeper keeper(LongConsumer round);
}
