package io.farheap.transport.session;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
  private final Surroundings surroundings;
  private final Links links;
  private final Object changes = new Object();

  // Written under changes.
  private volatile State state = State.AWAY;
  private volatile Throwable cause = new LinkFailure("not connected yet");
  private long drawn;
  private long session;

  /** Whether somebody has to connect while the server is away, and who does. */
  private boolean connectorWanted;

  private Surroundings.Background connector;

  /** How long the connector rests after an attempt that has failed; its own. */
  private long pauseNanos;

  /**
   * The server is away at first, and nobody connects.
   *
   * @param kind what the links are called in names and messages
   * @param address where the server is
   * @param surroundings has somebody connect
   * @param links the links
   */
  public Presence(String kind, ServerAddress address, Surroundings surroundings, Links links) {
    this.kind = kind;
    this.address = address;
    this.surroundings = surroundings;
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

  /** Has somebody connect, unless somebody does already. */
  public void connectInBackground() {
    synchronized (changes) {
      connectorWanted = true;
      if (state == State.AWAY && (connector == null || !connector.isAlive())) {
        pauseNanos = FIRST_PAUSE_NANOS;
        connector = surroundings.background("farheap-" + kind + "-" + address, this::connectOnce);
      }
    }
  }

  /** Asked by whoever connects; once told no, another one may begin. */
  private boolean mustConnect() {
    synchronized (changes) {
      connectorWanted = state == State.AWAY;
      if (!connectorWanted) {
        connector = null;
      }
      return connectorWanted;
    }
  }

  /** One attempt; answers how long to rest before the next, or that there is none. */
  private long connectOnce() {
    if (!mustConnect()) {
      return Surroundings.OVER;
    }
    try {
      links.connect();
      LOG.info("made the {} links to {}", kind, address);
      return 0;
    } catch (IOException | RuntimeException e) {
      cause = e;
      if (!(e instanceof IOException || e instanceof TransportException)) {
        LOG.error("cannot make the {} links to {}", kind, address, e);
      }
      long restNanos = pauseNanos;
      pauseNanos = Math.min(2 * restNanos, LONGEST_PAUSE_NANOS);
      return restNanos;
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
   * Waits for whoever connects, after the closing: it does nothing any more then.
   *
   * @param mostNanos how long an attempt to connect may take
   */
  public void awaitConnector(long mostNanos) {
    Surroundings.Background last;
    synchronized (changes) {
      last = connector;
    }
    if (last != null) {
      last.awaitEnd(TimeUnit.NANOSECONDS.toMillis(mostNanos) + STOP_MILLIS);
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
