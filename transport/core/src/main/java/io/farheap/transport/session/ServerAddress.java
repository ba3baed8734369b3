package io.farheap.transport.session;

import io.farheap.base.text.HostPort;
import io.farheap.transport.LocatorException;

/**
 * Where a memory server listens. The name is looked up anew at each connection.
 *
 * @param host name or literal address
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {
  private static final String BEGINNING = "//";

  /** Reads {@code //HOST:PORT}. */
  static ServerAddress parse(String scheme, String place) {
    try {
      if (place.startsWith(BEGINNING)) {
        HostPort found = HostPort.parse(place.substring(BEGINNING.length()));
        if (found.port() > 0) {
          return new ServerAddress(found.host(), found.port());
        }
      }
    } catch (IllegalArgumentException e) {
      throw wrong(scheme, place, e);
    }
    throw wrong(scheme, place, null);
  }

  private static LocatorException wrong(String scheme, String place, Throwable cause) {
    return new LocatorException(
        scheme
            + ":"
            + place
            + " has something other than // and HOST:PORT as its place; write "
            + scheme
            + "://HOST:PORT",
        cause);
  }

  @Override
  public String toString() {
    return new HostPort(host, port).toString();
  }
}
