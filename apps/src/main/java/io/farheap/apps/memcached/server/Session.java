package io.farheap.apps.memcached.server;

/**
 * What is known of one client between two bursts of its requests. Belongs to the thread that works
 * for the client: its event loop, or a virtual thread while a miss is waited for.
 */
final class Session {
  /** How a client speaks; its first byte says it. */
  enum Protocol {
    UNKNOWN,
    TEXT,
    BINARY
  }

  private static final int NEVER = -1;

  Protocol protocol = Protocol.UNKNOWN;

  /** Whether the client may do anything; always true without an auth file. */
  boolean authenticated;

  /** Whether nothing more is to be read from the client. */
  boolean closing;

  /** How many bytes come that are not looked at: the rest of a value that was refused. */
  long swallow;

  /** How many bytes of the command at hand must be there before it is looked at again. */
  long need;

  /** How many bytes of the line at hand were searched for its end. */
  int scanned;

  /** Where in the line at hand the next key is; 0 if its command has not begun. */
  int next;

  /** Where {@link #next} was when items were last brought in for the command at hand; or -1. */
  int fetchedFor = NEVER;

  Session(boolean authenticated) {
    this.authenticated = authenticated;
  }

  /** Forgets the command at hand. */
  void commandDone() {
    need = 0;
    scanned = 0;
    next = 0;
    fetchedFor = NEVER;
  }
}
