package io.farheap.apps.memcached.work;

/**
 * What is known of one client between two bursts of its requests. Belongs to the thread that works
 * for the client: its event loop, or a virtual thread while a miss is waited for.
 */
public final class Session {
  /** How a client speaks; its first byte says it. */
  public enum Protocol {
    /** It has said nothing yet. */
    UNKNOWN,
    /** In lines. */
    TEXT,
    /** In frames. */
    BINARY
  }

  private static final int NEVER = -1;

  /** How this client speaks. */
  public Protocol protocol = Protocol.UNKNOWN;

  /** Whether the client may do anything; always true without an auth file. */
  public boolean authenticated;

  /** Whether nothing more is to be read from the client. */
  public boolean closing;

  /** How many bytes come that are not looked at: the rest of a value that was refused. */
  public long swallow;

  /** How many bytes of the command at hand must be there before it is looked at again. */
  public long need;

  /** How many bytes of the line at hand were searched for its end. */
  public int scanned;

  /** Where in the line at hand the next key is; 0 if its command has not begun. */
  public int next;

  /** Where {@link #next} was when items were last brought in for the command at hand; or -1. */
  public int fetchedFor = NEVER;

  /** A client that has said nothing, and may do anything or has to say first who it is. */
  public Session(boolean authenticated) {
    this.authenticated = authenticated;
  }

  /** Forgets the command at hand. */
  public void commandDone() {
    need = 0;
    scanned = 0;
    next = 0;
    fetchedFor = NEVER;
  }
}
