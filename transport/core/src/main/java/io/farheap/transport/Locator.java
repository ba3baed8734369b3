package io.farheap.transport;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a far memory is and how to reach it.
 *
 * <pre>
 *   locator  = scheme ":" place [ "?" settings ]       embedded:   tcp://host:port
 *                                                      embedded:?latency=5us&amp;slab=64MiB
 *            | scheme ":" settings ":" locator         faulty:seed=42&amp;drop=0.01:embedded:
 *   settings = [ key "=" value { "&amp;" key "=" value } ]
 * </pre>
 *
 * <p>The second form wraps another far memory: it is meant when a further colon comes before any
 * {@code /} and {@code ?}.
 *
 * @param scheme which provider, in lower case
 * @param place the provider's own address of the far memory; often empty
 * @param settings the settings of this far memory, not of an inner one
 * @param inner the far memory that this one wraps
 */
public record Locator(String scheme, String place, Settings settings, Optional<Locator> inner) {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+-]*");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_DEPTH = 8;
  private static final String PLACES = "//";
  private static final int MAX_PLACES = 64;

  /** Refuses missing parts. */
  public Locator {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(inner, "inner");
  }

  /**
   * Parses a locator.
   *
   * @param text for example {@code embedded:?latency=5us}
   * @return the locator
   * @throws LocatorException if the text is none
   */
  public static Locator parse(String text) {
    if (text == null || text.isEmpty()) {
      throw new LocatorException("the locator is empty; the default is embedded:");
    }
    if (text.length() > MAX_LENGTH) {
      throw new LocatorException(
          "the locator has " + text.length() + " characters; at most " + MAX_LENGTH + " allowed");
    }
    if (!PRINTABLE.matcher(text).matches()) {
      throw new LocatorException(
          "locator '" + text + "' has a blank or a character that is not printable ASCII");
    }
    return parse(text, 1);
  }

  private static Locator parse(String text, int depth) {
    if (depth > MAX_DEPTH) {
      throw new LocatorException("a locator wraps at most " + (MAX_DEPTH - 1) + " others");
    }
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? text : text.substring(0, colon);
    if (colon < 0 || !SCHEME.matcher(scheme).matches()) {
      throw new LocatorException(
          "locator '" + text + "' does not begin with a scheme and a colon, as embedded:");
    }
    String rest = text.substring(colon + 1);
    int innerColon = wrappingColon(rest);
    if (innerColon >= 0) {
      Settings settings = Settings.parse(scheme, rest.substring(0, innerColon));
      Locator inner = parse(rest.substring(innerColon + 1), depth + 1);
      return new Locator(scheme, "", settings, Optional.of(inner));
    }
    int mark = rest.indexOf('?');
    String place = mark < 0 ? rest : rest.substring(0, mark);
    Settings settings = Settings.parse(scheme, mark < 0 ? "" : rest.substring(mark + 1));
    return new Locator(scheme, place, settings, Optional.empty());
  }

  /** The colon that ends the settings of a wrapping locator, or -1 if this wraps nothing. */
  private static int wrappingColon(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == ':') {
        return i;
      }
      if (c == '/' || c == '?') {
        return -1;
      }
    }
    return -1;
  }

  /**
   * The places of a locator such as {@code tcp://a:7070,b:7070}, which names several.
   *
   * @return one locator for each, with the same settings; this one alone if it names only one
   * @throws LocatorException if it names a place twice, or more than 64
   */
  public List<Locator> each() {
    if (!place.startsWith(PLACES) || place.indexOf(',') < 0) {
      return List.of(this);
    }
    List<String> places = List.of(place.substring(PLACES.length()).split(",", -1));
    if (places.size() > MAX_PLACES || places.stream().distinct().count() < places.size()) {
      throw new LocatorException(
          scheme
              + ":"
              + place
              + " names a server twice, or more than "
              + MAX_PLACES
              + "; write "
              + scheme
              + "://HOST:PORT,HOST:PORT");
    }
    return places.stream().map(one -> new Locator(scheme, PLACES + one, settings, inner)).toList();
  }

  /** The locator as text that parses to an equal one. */
  @Override
  public String toString() {
    String ownSettings = settings.toString();
    if (inner.isPresent()) {
      return scheme + ":" + ownSettings + ":" + inner.get();
    }
    return scheme + ":" + place + (ownSettings.isEmpty() ? "" : "?" + ownSettings);
  }
}
