package io.farheap.internal.place;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether waiting for far memory is in vain: every agent that frees segments has looked at all of
 * them since, and found nothing to free.
 *
 * @param fruitlessLooks of each agent, how often it looked at everything in vain
 */
public record FarQuiet(List<LongSupplier> fruitlessLooks) {
  /** A look that was under way may have passed what is free now; only the next is a whole one. */
  private static final int WHOLE_LOOK = 2;

  /** What is found from here on. */
  Since since() {
    return new Since(fruitlessLooks, fruitlessLooks.stream().map(LongSupplier::getAsLong).toList());
  }

  /** The looks since a moment. */
  record Since(List<LongSupplier> fruitlessLooks, List<Long> before) {
    boolean nothingToFree() {
      for (int i = 0; i < before.size(); i++) {
        if (fruitlessLooks.get(i).getAsLong() < before.get(i) + WHOLE_LOOK) {
          return false;
        }
      }
      return true;
    }
  }
}
