package io.farheap.base.text;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port as people write them: {@code localhost:7070}, {@code [::1]:7070}.
 *
 * @param host a name or a literal address, without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
  /** What {@link #parse(String)} accepts, for messages. */
  public static final String FORM = "HOST:PORT, with brackets around an IPv6 address";

  private static final int MAX_PORT = 65_535;

  /** An IPv6 address with brackets, a name or IPv4 address, or an IPv6 address alone. */
  private static final Pattern PATTERN =
      Pattern.compile(
          "(?:\\[([0-9a-fA-F:.]+(?:%\\w+)?)]|([^\\s:\\[\\]/]+))(?::([0-9]{1,5}))?"
              + "|([0-9a-fA-F.]*(?::[0-9a-fA-F.]*){2,})");

  /**
   * Reads a host with a port.
   *
   * @param text {@code HOST:PORT} or {@code [IPV6]:PORT}
   * @return both
   * @throws IllegalArgumentException if it is anything else
   */
  public static HostPort parse(String text) {
    HostPort found = parse(text, -1);
    if (found.port < 0) {
      throw new IllegalArgumentException("not " + FORM);
    }
    return found;
  }

  /**
   * Reads a host with or without a port.
   *
   * @param text {@code HOST}, {@code HOST:PORT}, {@code IPV6}, {@code [IPV6]} or {@code
   *     [IPV6]:PORT}
   * @param defaultPort the port if there is none
   * @return both
   * @throws IllegalArgumentException if it is anything else
   */
  public static HostPort parse(String text, int defaultPort) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not " + FORM);
    }
    int port = matcher.group(3) == null ? defaultPort : Integer.parseInt(matcher.group(3));
    if (port > MAX_PORT) {
      throw new IllegalArgumentException("not " + FORM + ": there is no port " + port);
    }
    for (int group : new int[] {1, 2}) {
      if (matcher.group(group) != null) {
        return new HostPort(matcher.group(group), port);
      }
    }
    return new HostPort(matcher.group(4), port);
  }

  /**
   * Looks the host up.
   *
   * @return an address, {@linkplain InetSocketAddress#isUnresolved() unresolved} if there is no
   *     such host
   */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
