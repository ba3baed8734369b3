package io.farheap.base.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The keys of some settings, to find what a misspelt one was meant to be. A key is written with
 * small letters and hyphens.
 *
 * @param keys all of them
 */
public record SettingNames(List<String> keys) {
  /** A misspelt key is taken for the nearest one if this many letters or fewer are wrong. */
  private static final int MAX_TYPOS = 3;

  /** A short key has few letters right by chance: this part of it may be wrong. */
  private static final int PART_WRONG = 3;

  /** Makes the list unchangeable. */
  public SettingNames {
    keys = List.copyOf(keys);
  }

  /**
   * The key that a variable of the environment would have.
   *
   * @param name what follows the prefix, as {@code TLS_CERT}
   * @return for example {@code tls-cert}
   */
  public static String ofVariable(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The key that is most like a misspelt one, or the very one; empty if none is like it. */
  public Optional<String> nearest(String key) {
    String written = ofVariable(key);
    String nearest = null;
    int fewest = MAX_TYPOS + 1;
    for (String candidate : keys) {
      int typos = typos(written, candidate);
      if (typos < fewest && typos <= candidate.length() / PART_WRONG) {
        fewest = typos;
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** What to use instead of a key that there is not: the nearest one, or any. */
  public String advice(String key) {
    String all = String.join(", ", keys);
    return nearest(key)
        .map(near -> "the key " + near + " (all keys: " + all + ")")
        .orElse("one of the keys " + all);
  }

  /** What to throw for a text whose key there is not. */
  public SettingException unknown(SettingText text) {
    return text.wrong(advice(text.key()));
  }

  /** Levenshtein's distance: letters to insert, delete or replace. */
  private static int typos(String left, String right) {
    if (Math.abs(left.length() - right.length()) > MAX_TYPOS) {
      return MAX_TYPOS + 1;
    }
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
