package io.farheap.apps.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What clients ask for: how popular keys are, how often they are read, how large keys and values
 * are. The text format is in {@code docs/load.md}.
 *
 * @param name by which it is known
 * @param getShare share of requests that read, 0 to 1; the others store
 * @param multiget how many keys a read asks for
 * @param skew zipf exponent of the popularity, 0 for uniform
 * @param churnOperations after how many operations each rank of popularity has gone to another key
 *     once; 0 for never
 * @param resize whether a key's value has another size each time it is stored
 * @param keySizes bytes of keys
 * @param valueSizes bytes of values
 */
public record Shape(
    String name,
    double getShare,
    int multiget,
    double skew,
    long churnOperations,
    boolean resize,
    SizeDistribution keySizes,
    SizeDistribution valueSizes) {

  /** The steepest skew: in steeper ones a handful of keys would be all there is. */
  public static final double MOST_SKEW = 3;

  /** The longest key that memcached's protocol allows. */
  static final int MOST_KEY_BYTES = 250;

  /** The largest value that memcached can be told to take. */
  static final int MOST_VALUE_BYTES = 1 << 30;

  /** Keys in one request; more would be many packets before the first answer. */
  static final int MOST_MULTIGET = 1000;

  private static final List<String> BUILT_IN =
      List.of(
          "mcd-cl",
          "mcd-u",
          "kvcache",
          "graph",
          "etc",
          "usr",
          "twitter-11",
          "twitter-19",
          "twitter-36",
          "twitter-52");

  /** Refuses what cannot be asked for. */
  public Shape {
    check(getShare >= 0 && getShare <= 1, name, "get", getShare, "0 to 1");
    check(multiget >= 1 && multiget <= MOST_MULTIGET, name, "multiget", multiget, "1 to 1000");
    check(skew >= 0 && skew <= MOST_SKEW, name, "zipf", skew, "0 to " + MOST_SKEW);
    check(churnOperations >= 0, name, "churn", churnOperations, "0 or more operations");
    int key = keySizes.largestBytes();
    check(key <= MOST_KEY_BYTES, name, "key", key, "at most 250 bytes");
    int value = valueSizes.largestBytes();
    check(value <= MOST_VALUE_BYTES, name, "value", value, "at most 1 GiB");
  }

  private static void check(boolean right, String name, String what, Object is, String want) {
    if (!right) {
      throw new IllegalArgumentException(
          "shape " + name + ": " + what + " is " + is + ", want " + want);
    }
  }

  /**
   * The shapes that come with the program.
   *
   * @return their names
   */
  public static List<String> names() {
    return BUILT_IN;
  }

  /**
   * A shape that comes with the program, or one from a file.
   *
   * @param nameOrFile one of {@link #names()}, or the path of a file
   * @return the shape
   * @throws IllegalArgumentException if there is neither, or the file says something wrong
   */
  public static Shape find(String nameOrFile) {
    if (BUILT_IN.contains(nameOrFile)) {
      return named(nameOrFile);
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "'" + nameOrFile + "' is neither a file nor one of the shapes " + BUILT_IN);
    }
    try (Reader text = Files.newBufferedReader(file)) {
      return ShapeReader.read(nameOrFile, text);
    } catch (IOException e) {
      throw new UncheckedIOException("the shape " + file + " cannot be read", e);
    }
  }

  private static Shape named(String name) {
    try (InputStream in = Shape.class.getResourceAsStream(name + ".shape")) {
      if (in == null) {
        throw new IllegalStateException("shape " + name + " is missing: build again with Maven");
      }
      return ShapeReader.read(
          name, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("shape " + name + " cannot be read", e);
    }
  }

  /**
   * This shape with some of its numbers changed.
   *
   * @param get share of reads, or empty to leave it
   * @param keys keys in a read, or empty to leave it
   * @param zipf the skew, or empty to leave it
   * @param key size of every key, or empty to leave sizes
   * @param value size of every value, or empty to leave sizes
   * @return the changed shape
   */
  public Shape with(
      Optional<Double> get,
      Optional<Integer> keys,
      Optional<Double> zipf,
      Optional<Integer> key,
      Optional<Integer> value) {
    return new Shape(
        name,
        get.orElse(getShare),
        keys.orElse(multiget),
        zipf.orElse(skew),
        churnOperations,
        resize,
        key.map(SizeDistribution::of).orElse(keySizes),
        value.map(SizeDistribution::of).orElse(valueSizes));
  }

  /**
   * This shape with another churn.
   *
   * @param operations as {@link #churnOperations()}
   * @return the changed shape
   */
  public Shape withChurn(long operations) {
    return new Shape(name, getShare, multiget, skew, operations, resize, keySizes, valueSizes);
  }
}
