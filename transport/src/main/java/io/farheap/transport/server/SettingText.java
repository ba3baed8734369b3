package io.farheap.transport.server;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value as it was written, and where.
 *
 * @param setting which setting
 * @param text its value
 * @param origin file and line, variable or option
 */
record SettingText(ServerSetting setting, String text, String origin) {
  private static final Pattern ADDRESS =
      Pattern.compile("tcp://(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]/]+)):([0-9]{1,5})");
  private static final Pattern DEVICE_ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]/]+))(?::([0-9]{1,5}))?");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]*");
  private static final int MAX_PORT = 65_535;

  /**
   * Refuses a text that is no value of this setting.
   *
   * @throws SettingException if it is none
   */
  void check() {
    switch (setting.kind()) {
      case ADDRESSES -> addresses();
      case SIZE -> bytes();
      case TIME -> millis();
      case COUNT -> count();
      case FLAG -> flag();
      case PATH -> path();
      case DEVICE_ADDRESS -> deviceAddress();
      case WORD -> word();
    }
  }

  long bytes() {
    try {
      return Sizes.bytes(setting.key(), text);
    } catch (IllegalArgumentException e) {
      throw wrong("a size, for example 4GiB", e);
    }
  }

  int millis() {
    try {
      return Sizes.millis(setting.key(), text);
    } catch (IllegalArgumentException e) {
      throw wrong("a time, for example 30s", e);
    }
  }

  int count() {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong("a whole number", e);
    }
  }

  boolean flag() {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("true or false", null);
    };
  }

  Path path() {
    if (text.isEmpty()) {
      throw wrong("a path", null);
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong("a path", e);
    }
  }

  List<InetSocketAddress> addresses() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      addresses.add(address(one.strip()));
    }
    return addresses;
  }

  /** The address of an RDMA device; any free port if none is given. */
  InetSocketAddress deviceAddress() {
    return address(
        DEVICE_ADDRESS.matcher(text), "ADDRESS or ADDRESS:PORT of an RDMA device, as 192.0.2.7");
  }

  String word() {
    if (!WORD.matcher(text).matches()) {
      throw wrong("a name", null);
    }
    return text;
  }

  private InetSocketAddress address(String one) {
    return address(ADDRESS.matcher(one), "tcp://HOST:PORT, several of them separated by commas");
  }

  private InetSocketAddress address(Matcher matcher, String allowed) {
    if (!matcher.matches()) {
      throw wrong(allowed, null);
    }
    int port = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    if (port > MAX_PORT) {
      throw wrong(allowed, null);
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw wrong("the name or number of an address of this machine; '" + host + "' is none", null);
    }
    return address;
  }

  private SettingException wrong(String allowed, Throwable cause) {
    return new SettingException(
        origin, setting.key() + " = \"" + text + "\" is not allowed; use " + allowed, cause);
  }
}
