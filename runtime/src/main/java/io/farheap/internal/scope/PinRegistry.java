package io.farheap.internal.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The pins that applications hold, so that messages can name them. */
public final class PinRegistry {
  private static final int MOST_NAMED = 16;

  private final Set<Object> pins = ConcurrentHashMap.newKeySet();

  /** A pin was taken; its {@code toString} names it. */
  public void add(Object pin) {
    pins.add(pin);
  }

  /** A pin was closed. */
  public void remove(Object pin) {
    pins.remove(pin);
  }

  /** How many pins are held. */
  public int count() {
    return pins.size();
  }

  /** Names the pins that are held, for messages. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (Object pin : pins) {
      if (lines.size() == MOST_NAMED) {
        lines.add((pins.size() - MOST_NAMED) + " more pins");
        break;
      }
      lines.add(pin.toString());
    }
    return lines;
  }
}
