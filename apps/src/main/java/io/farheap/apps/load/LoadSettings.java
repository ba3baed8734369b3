package io.farheap.apps.load;

import java.net.InetSocketAddress;

/**
 * Who loads which server with what.
 *
 * @param server where it listens
 * @param threads how many work; each has connections of its own
 * @param connections to the server, of all threads together
 * @param depth requests under way on one connection at most
 * @param keys how many there are
 * @param shape what is asked for
 * @param fill whether a key that was missed is stored, as a cache's clients do
 * @param seed where keys, sizes, values and the order of requests come from
 */
public record LoadSettings(
    InetSocketAddress server,
    int threads,
    int connections,
    int depth,
    int keys,
    Shape shape,
    boolean fill,
    long seed) {

  private static final int MOST_DEPTH = 1 << 16;
  private static final int MOST_THREADS = 1024;
  private static final int MOST_CONNECTIONS = 1 << 20;

  /** Refuses numbers that make no sense. */
  public LoadSettings {
    check("threads", threads, 1, MOST_THREADS);
    check("connections", connections, threads, MOST_CONNECTIONS);
    check("depth", depth, 1, MOST_DEPTH);
    check("keys", keys, 1, Integer.MAX_VALUE);
  }

  private static void check(String name, int is, int least, int most) {
    if (is < least || is > most) {
      throw new IllegalArgumentException(
          name
              + " is "
              + is
              + ", want "
              + least
              + " to "
              + most
              + (name.equals("connections") ? " (at least one for each thread)" : ""));
    }
  }
}
