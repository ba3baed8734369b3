package io.farheap.apps.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads a shape: one setting a line, its words parted by blanks, {@code #} begins a comment.
 *
 * <pre>
 * get SHARE            share of requests that read (default 1)
 * multiget KEYS        keys in a read (default 1)
 * zipf SKEW            0 is uniform (default 0)
 * churn OPERATIONS     after which each rank of popularity has another key (default: never)
 * resize yes|no        whether values change their size when stored again (default no)
 * key|value SIZE[-SIZE] WEIGHT
 * key|value pareto LOCATION SCALE SHAPE MOST WEIGHT
 * key|value gev LOCATION SCALE SHAPE MOST WEIGHT
 * </pre>
 */
final class ShapeReader {
  private static final String COMMENT = "#";
  private static final String BLANKS = "\\s+";
  private static final int RANGE_WORDS = 3;
  private static final int CURVE_WORDS = 7;

  private final String name;
  private final SizeDistribution.Builder keySizes = new SizeDistribution.Builder();
  private final SizeDistribution.Builder valueSizes = new SizeDistribution.Builder();
  private double getShare = 1;
  private int multiget = 1;
  private double skew;
  private long churnOperations;
  private boolean resize;

  private ShapeReader(String name) {
    this.name = name;
  }

  /**
   * Reads all of it.
   *
   * @throws IllegalArgumentException if a line makes no sense; the message has its number
   */
  static Shape read(String name, Reader text) throws IOException {
    ShapeReader reader = new ShapeReader(name);
    BufferedReader lines = new BufferedReader(text);
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      reader.line(line, number++);
    }
    if (reader.keySizes.isEmpty() || reader.valueSizes.isEmpty()) {
      throw new IllegalArgumentException("shape " + name + " wants lines for both key and value");
    }
    return new Shape(
        name,
        reader.getShare,
        reader.multiget,
        reader.skew,
        reader.churnOperations,
        reader.resize,
        reader.keySizes.build(),
        reader.valueSizes.build());
  }

  private void line(String line, int number) {
    String said = line.contains(COMMENT) ? line.substring(0, line.indexOf(COMMENT)) : line;
    if (said.isBlank()) {
      return;
    }
    try {
      setting(said.strip().split(BLANKS));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "shape "
              + name
              + ", line "
              + number
              + ": '"
              + line.strip()
              + "' makes no sense ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private void setting(String[] words) {
    switch (words[0]) {
      case "get" -> getShare = Double.parseDouble(only(words));
      case "multiget" -> multiget = Integer.parseInt(only(words));
      case "zipf" -> skew = Double.parseDouble(only(words));
      case "churn" -> churnOperations = Long.parseLong(only(words));
      case "resize" -> resize = yes(only(words));
      case "key" -> sizes(keySizes, words, 1);
      case "value" -> sizes(valueSizes, words, 0);
      default -> throw new IllegalArgumentException("unknown word " + words[0]);
    }
  }

  private static String only(String[] words) {
    want(words, 2);
    return words[1];
  }

  private static void want(String[] words, int count) {
    if (words.length != count) {
      throw new IllegalArgumentException("want " + count + " words");
    }
  }

  private static boolean yes(String word) {
    return switch (word) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("want yes or no");
    };
  }

  private static void sizes(SizeDistribution.Builder sizes, String[] words, int least) {
    switch (words[1]) {
      case "pareto" -> {
        want(words, CURVE_WORDS);
        sizes.addPareto(
            number(words, 2), number(words, 3), number(words, 4), most(words), last(words));
      }
      case "gev" -> {
        want(words, CURVE_WORDS);
        sizes.addExtreme(
            number(words, 2), number(words, 3), number(words, 4), most(words), last(words));
      }
      default -> {
        want(words, RANGE_WORDS);
        String[] bounds = words[1].split("-", -1);
        int from = Integer.parseInt(bounds[0]);
        int to = bounds.length == 1 ? from : Integer.parseInt(bounds[1]);
        if (from < least || bounds.length > 2) {
          throw new IllegalArgumentException("want SIZE or FROM-TO from " + least);
        }
        sizes.add(from, to, last(words));
      }
    }
  }

  private static double number(String[] words, int index) {
    return Double.parseDouble(words[index]);
  }

  private static int most(String[] words) {
    return Integer.parseInt(words[words.length - 2]);
  }

  private static double last(String[] words) {
    return Double.parseDouble(words[words.length - 1]);
  }
}
