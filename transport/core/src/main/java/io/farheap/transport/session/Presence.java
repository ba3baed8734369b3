package io.farheap.transport.session;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a server is there, over links that come and go together.
 *
 * <pre>
 *        all links made              a link is lost, or a fence cannot wait
 *   AWAY ──────────────► PRESENT ─────────────────────────────────────────► AWAY
 *     └─────────────────────┴───── close() ─────► CLOSED
 * </pre>
 *
 * <p>The links of one time of presence are a session, and have its number. {@code changes} guards
 * the state, and is held from the first link that changes to the last. Ending a session needs no
 * memory; if there is none for what follows, the next {@link #round} sees to it.
 */
public final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final long FIRST_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_PAUSE_NANOS = 500_000_000;
  private static final long STOP_MILLIS = 5_000;

  private enum State {
    AWAY,
    PRESENT,
    CLOSED
  }

  /** The links, for whoever decides when they are made and ended. */
  public interface Links {
    /**
     * Makes all links, once, and {@link Presence#install installs} them.
     *
     * @throws IOException if the server cannot be reached
     * @throws TransportException if it refuses
     */
    void connect() throws IOException;

    /**
     * Ends those there are; called under the lock of the state, also when none is left. Needs no
     * memory.
     *
     * @param cause why
     */
    void detach(Throwable cause);
  }

  private final String kind;
  private final ServerAddress address;
  private final Links links;
  private final Object changes = new Object();

  // Written under changes.
  private volatile State state = State.AWAY;
  private volatile Throwable cause = new LinkFailure("not connected yet");
  private long drawn;
  private long session;

  /** Whether somebody has to connect while the server is away, and who does. */
  private boolean connectorWanted;

  private Thread connector;

  /**
   * The server is away at first, and nobody connects.
   *
   * @param kind what the links are called in names and messages
   * @param address where the server is
   * @param links the links
   */
  public Presence(String kind, ServerAddress address, Links links) {
    this.kind = kind;
    this.address = address;
    this.links = links;
  }

  /**
   * Whether the server is there.
   *
   * @return true while all links stand, as far as is known
   */
  public boolean isPresent() {
    return state == State.PRESENT;
  }

  /**
   * The number of the next session.
   *
   * @return one that was not drawn before
   */
  public long nextSession() {
    synchronized (changes) {
      return ++drawn;
    }
  }

  /**
   * Begins a session: the server is there.
   *
   * @param ofSession its number
   * @param attaching puts the new links into use
   * @return false if all is closed
   */
  public boolean install(long ofSession, Runnable attaching) {
    synchronized (changes) {
      if (state == State.CLOSED) {
        return false;
      }
      // What an error has kept from being detached is detached now.
      links.detach(cause);
      attaching.run();
      session = ofSession;
      state = State.PRESENT;
      return true;
    }
  }

  /**
   * Ends a session, unless it has ended already, and tries to begin a new one.
   *
   * @param ofSession its number
   * @param why what went wrong
   */
  public void lost(long ofSession, Throwable why) {
    synchronized (changes) {
      if (state != State.PRESENT || session != ofSession) {
        return;
      }
      state = State.AWAY;
      cause = why;
      connectorWanted = true;
      links.detach(why);
    }
    try {
      connectInBackground();
      LOG.warn("lost the {} links to {}: {}", kind, address, text(why));
    } catch (OutOfMemoryError e) {
      // A fence that ends a session has done what it must, and so it says.
      assert connectorWanted || state != State.AWAY;
    }
  }

  /** Waits until no link is in the middle of being ended. */
  void settle() {
    synchronized (changes) {
      assert state != null;
    }
  }

  /** Has a thread connect, unless one does already. */
  public void connectInBackground() {
    synchronized (changes) {
      connectorWanted = true;
      if (state == State.AWAY && (connector == null || !connector.isAlive())) {
        connector =
            Thread.ofPlatform()
                .daemon()
                .name("farheap-" + kind + "-" + address)
                .start(this::connectUntilPresent);
      }
    }
  }

  /** Asked by the thread that connects; once it is told no, another one may begin. */
  private boolean mustConnect() {
    synchronized (changes) {
      connectorWanted = state == State.AWAY;
      if (!connectorWanted) {
        connector = null;
      }
      return connectorWanted;
    }
  }

  private void connectUntilPresent() {
    long pauseNanos = FIRST_PAUSE_NANOS;
    while (mustConnect()) {
      try {
        links.connect();
        LOG.info("made the {} links to {}", kind, address);
      } catch (IOException | RuntimeException e) {
        cause = e;
        if (!(e instanceof IOException || e instanceof TransportException)) {
          LOG.error("cannot make the {} links to {}", kind, address, e);
        }
        LockSupport.parkNanos(pauseNanos);
        pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      }
    }
  }

  /**
   * What is to be done now and then.
   *
   * @param whileAway fails what has waited for too long; runs under the lock of the state, and only
   *     while the server is away
   * @return true if the server is there instead
   */
  public boolean round(Runnable whileAway) {
    if (state == State.AWAY) {
      synchronized (changes) {
        if (state == State.AWAY) {
          whileAway.run();
          if (connectorWanted) {
            connectInBackground();
          }
        }
      }
    }
    return state == State.PRESENT;
  }

  /**
   * Does something while no link is being made or ended.
   *
   * @param action runs under the lock of the state
   */
  void exclusively(Runnable action) {
    synchronized (changes) {
      action.run();
    }
  }

  /**
   * Ends everything for good.
   *
   * @param closing ends the links; runs under the lock of the state
   */
  public void close(Runnable closing) {
    synchronized (changes) {
      state = State.CLOSED;
      closing.run();
    }
  }

  /**
   * Waits for the thread that connects, after the closing: it does nothing any more then.
   *
   * @param mostNanos how long an attempt to connect may take
   */
  public void awaitConnector(long mostNanos) {
    Thread thread;
    synchronized (changes) {
      thread = connector;
    }
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(mostNanos) + STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The failure of what has waited for the server for too long.
   *
   * @return the exception
   */
  public ConnectionLostException awayFailure() {
    return new ConnectionLostException(
        address
            + " is away; nothing that was written is lost unless it stays so for longer than the"
            + " lease ("
            + text(cause)
            + ")");
  }

  /**
   * What a cause says; the Java machine's errors say nothing but their names.
   *
   * @param cause what went wrong
   * @return its message
   */
  public static String text(Throwable cause) {
    return cause instanceof Exception ? cause.getMessage() : cause.toString();
  }
}
