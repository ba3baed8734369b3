package io.farheap.transport.tcp;

import io.farheap.transport.LocatorException;
import java.util.ArrayList;
import java.util.List;
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
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/]+):(\\d{1,5})");
  private static final int MAX_SERVERS = 64;
  private static final int MAX_PORT = 65535;

  /** Reads {@code //HOST:PORT,HOST:PORT…}. */
  static List<ServerAddress> parse(String scheme, String place) {
    if (!place.startsWith("//")) {
      throw wrong(scheme, place, "does not begin with //");
    }
    List<ServerAddress> servers = new ArrayList<>();
    for (String text : place.substring(2).split(",", -1)) {
      Matcher matcher = FORM.matcher(text);
      int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
      if (port < 1 || port > MAX_PORT) {
        throw wrong(scheme, place, "has '" + text + "', which is not HOST:PORT");
      }
      String host = matcher.group(1);
      servers.add(
          new ServerAddress(
              host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
    }
    if (servers.size() > MAX_SERVERS || servers.stream().distinct().count() < servers.size()) {
      throw wrong(scheme, place, "names a server twice, or more than " + MAX_SERVERS);
    }
    return List.copyOf(servers);
  }

  private static LocatorException wrong(String scheme, String place, String why) {
    return new LocatorException(
        scheme + ":" + place + " " + why + "; write " + scheme + "://HOST:PORT,HOST:PORT");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
