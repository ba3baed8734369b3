package io.farheap.transport.session;

import io.farheap.transport.LocatorException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a memory server listens. The name is looked up anew at each connection.
 *
 * @param host name or literal address
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("//(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/]+):(\\d{1,5})");
  private static final int MAX_PORT = 65535;

  /** Reads {@code //HOST:PORT}. */
  static ServerAddress parse(String scheme, String place) {
    Matcher matcher = FORM.matcher(place);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
    if (port < 1 || port > MAX_PORT) {
      throw new LocatorException(
          scheme
              + ":"
              + place
              + " has something other than // and HOST:PORT as its place; write "
              + scheme
              + "://HOST:PORT");
    }
    String host = matcher.group(1);
    return new ServerAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
