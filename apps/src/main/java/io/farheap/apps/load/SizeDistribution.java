package io.farheap.apps.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Sizes in bytes and how frequent each is: ranges with weights, every size of a range as frequent
 * as any other of it.
 */
public final class SizeDistribution {
  private static final int HALF = 32;
  private static final long LOW = 0xFFFF_FFFFL;

  /** Upper bounds of the ranges' shares, as fractions of 2^32; ascending, the last is 2^32. */
  private final long[] shares;

  private final int[] smallest;
  private final int[] spans;
  private final double mean;
  private final int largest;

  private SizeDistribution(List<Range> ranges) {
    double total = ranges.stream().mapToDouble(Range::weight).sum();
    shares = new long[ranges.size()];
    smallest = new int[ranges.size()];
    spans = new int[ranges.size()];
    double sum = 0;
    double weighted = 0;
    int most = 0;
    for (int i = 0; i < shares.length; i++) {
      Range range = ranges.get(i);
      sum += range.weight / total;
      shares[i] = Math.round(sum * (1L << HALF));
      smallest[i] = range.fromBytes;
      spans[i] = range.toBytes - range.fromBytes + 1;
      weighted += range.weight / total * ((double) range.fromBytes + range.toBytes) / 2;
      most = Math.max(most, range.toBytes);
    }
    shares[shares.length - 1] = 1L << HALF;
    mean = weighted;
    largest = most;
  }

  /** Sizes of one range. */
  private record Range(int fromBytes, int toBytes, double weight) {}

  /**
   * One size only.
   *
   * @param bytes the size
   * @return the distribution
   */
  public static SizeDistribution of(int bytes) {
    return new Builder().add(bytes, bytes, 1).build();
  }

  /**
   * A size that goes with a number; the same number gets the same size.
   *
   * @param hash any number, all of whose bits count
   * @return bytes
   */
  int pick(long hash) {
    long where = hash >>> HALF;
    int i = 0;
    int end = shares.length - 1;
    while (i < end) {
      int middle = (i + end) >>> 1;
      if (where < shares[middle]) {
        end = middle;
      } else {
        i = middle + 1;
      }
    }
    return smallest[i] + (int) (((hash & LOW) * spans[i]) >>> HALF);
  }

  /**
   * The average.
   *
   * @return bytes
   */
  public double meanBytes() {
    return mean;
  }

  /**
   * The greatest that may come.
   *
   * @return bytes
   */
  public int largestBytes() {
    return largest;
  }

  /** Collects ranges. */
  static final class Builder {
    /** Finer than anybody's rarest size: the last step holds one in 2^20. */
    private static final int STEPS = 80;

    private static final double STEPS_PER_HALVING = 4;

    private final List<Range> ranges = new ArrayList<>();

    /** Adds sizes between two bounds, both inclusive. */
    Builder add(int fromBytes, int toBytes, double weight) {
      if (fromBytes < 0 || toBytes < fromBytes || !(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "sizes "
                + fromBytes
                + " to "
                + toBytes
                + " with weight "
                + weight
                + "; want 0 <= FROM <= TO and a weight above 0");
      }
      ranges.add(new Range(fromBytes, toBytes, weight));
      return this;
    }

    /** Adds a generalised Pareto distribution, cut off at a greatest size. */
    Builder addPareto(double location, double scale, double shape, int most, double weight) {
      return addQuantiles(
          upper -> location + scale / shape * (Math.pow(upper, -shape) - 1), most, weight);
    }

    /** Adds a generalised extreme value distribution, cut off at a greatest size. */
    Builder addExtreme(double location, double scale, double shape, int most, double weight) {
      return addQuantiles(
          upper -> location + scale / shape * (Math.pow(-Math.log1p(-upper), -shape) - 1),
          most,
          weight);
    }

    /** The size that a share of all sizes exceeds. */
    private interface Exceeded {
      double bytes(double upperShare);
    }

    /** Cuts a distribution into ranges, finer towards its tail. */
    private Builder addQuantiles(Exceeded exceeded, int most, double weight) {
      // A share of 1 has no size where a distribution begins nowhere.
      double first = 1 - 1.0 / (1 << 10);
      int from = clamp(exceeded.bytes(first), most);
      double above = 1;
      for (int step = 1; step <= STEPS; step++) {
        double next = step == STEPS ? 0 : Math.pow(2, -step / STEPS_PER_HALVING);
        int to = step == STEPS ? most : clamp(exceeded.bytes(next), most);
        add(from, Math.max(from, to), weight * (above - next));
        from = Math.min(most, Math.max(from, to) + 1);
        above = next;
        if (from >= most) {
          add(most, most, weight * Math.max(above, Double.MIN_NORMAL));
          break;
        }
      }
      return this;
    }

    private static int clamp(double bytes, int most) {
      return (int) Math.clamp(bytes, 1, most);
    }

    boolean isEmpty() {
      return ranges.isEmpty();
    }

    SizeDistribution build() {
      if (ranges.isEmpty()) {
        throw new IllegalArgumentException("no sizes were given");
      }
      return new SizeDistribution(ranges);
    }
  }
}
