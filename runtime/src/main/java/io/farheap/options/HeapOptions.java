package io.farheap.options;

import io.farheap.error.ConfigurationException;
import io.farheap.error.FarAccessException;
import io.farheap.error.OutOfLocalMemoryException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * How a heap is to be: immutable, complete and checked.
 *
 * <p>Each setting has one key, and a file, the environment and a builder may each set it; a builder
 * wins over the environment, that over the file, that over the default. {@code local-memory} in a
 * file (or {@code farheap.local-memory}) is {@code FARHEAP_LOCAL_MEMORY} in the environment and
 * {@link HeapOptionsBuilder#localMemory(String)} in a program. The file is a {@link
 * java.util.Properties} file in UTF-8, named by the program, by {@code -Dfarheap.config=FILE} or by
 * {@code FARHEAP_CONFIG}.
 *
 * <p>Sizes are written as {@code 4GiB}, and memory also as {@code 25%}: of the cgroup's limit if
 * there is one, otherwise of the machine. Spans of time are written as {@code 200ms}.
 */
public final class HeapOptions {
  private final Map<HeapOptionsKey, HeapOptionsSetting> settings;

  HeapOptions(Map<HeapOptionsKey, HeapOptionsSetting> settings) {
    this.settings = new EnumMap<>(settings);
  }

  /**
   * Starts options of a program's own.
   *
   * @return a builder that knows file and environment and has nothing set
   */
  public static HeapOptionsBuilder builder() {
    return new HeapOptionsBuilder(HeapOptionsSources::system);
  }

  /**
   * What environment, the file that it names, and defaults say.
   *
   * @return the options
   * @throws ConfigurationException if a setting is wrong
   */
  public static HeapOptions load() {
    return builder().build();
  }

  /**
   * What environment, one file and defaults say.
   *
   * @param file a properties file in UTF-8
   * @return the options
   * @throws ConfigurationException if a setting is wrong or the file can't be read
   */
  public static HeapOptions load(Path file) {
    return builder().file(file).build();
  }

  /**
   * The local budget: all frames together.
   *
   * @return bytes
   */
  public long localMemoryBytes() {
    return number(HeapOptionsKey.LOCAL_MEMORY);
  }

  /**
   * The capacity of the heap: far address space, what is local included.
   *
   * @return bytes, a multiple of {@link #slabSizeBytes()}
   */
  public long farMemoryBytes() {
    return number(HeapOptionsKey.FAR_MEMORY);
  }

  /**
   * Where the memory servers are.
   *
   * @return a locator, such as {@code embedded:}
   */
  public String farLocator() {
    return settings.get(HeapOptionsKey.FAR_LOCATOR).text();
  }

  /**
   * Which paths misses take.
   *
   * @return the mode
   */
  public Mode mode() {
    return Mode.valueOf(settings.get(HeapOptionsKey.MODE).text());
  }

  /**
   * The unit of placement on a memory server.
   *
   * @return bytes, a power of two
   */
  public long slabSizeBytes() {
    return number(HeapOptionsKey.SLAB_SIZE);
  }

  /**
   * How long an operation waits for a frame before {@link OutOfLocalMemoryException}.
   *
   * @return nanoseconds
   */
  public long frameWaitTimeoutNanos() {
    return number(HeapOptionsKey.FRAME_WAIT_TIMEOUT);
  }

  /**
   * How long an operation waits for a memory server before {@link FarAccessException}.
   *
   * @return nanoseconds
   */
  public long transportTimeoutNanos() {
    return number(HeapOptionsKey.TRANSPORT_TIMEOUT);
  }

  /**
   * The age from which an open scope is reported with its place.
   *
   * @return nanoseconds
   */
  public long scopeWarningNanos() {
    return number(HeapOptionsKey.SCOPE_WARNING);
  }

  /**
   * The duration from which a fetch becomes a Flight Recorder event.
   *
   * @return nanoseconds; 0 for every fetch
   */
  public long slowFetchThresholdNanos() {
    return number(HeapOptionsKey.SLOW_FETCH_THRESHOLD);
  }

  /**
   * Whether segments that a scope handed out refuse to be used after it or on another thread.
   * Without these checks such use reads and writes other objects' bytes.
   *
   * @return true unless turned off
   */
  public boolean segmentChecks() {
    return number(HeapOptionsKey.SEGMENT_CHECKS) != 0;
  }

  /**
   * How many allocation buffers all threads share.
   *
   * @return a power of two
   */
  public int stripes() {
    return (int) number(HeapOptionsKey.STRIPES);
  }

  /**
   * The share of frames that are free below which pages begin to go out.
   *
   * @return 0 to 1, less than {@link #highWatermark()}
   */
  public double lowWatermark() {
    return share(HeapOptionsKey.LOW_WATERMARK);
  }

  /**
   * The share of frames that are free at which pages stop going out.
   *
   * @return 0 to 1
   */
  public double highWatermark() {
    return share(HeapOptionsKey.HIGH_WATERMARK);
  }

  /**
   * Whether every pointer is watched for leaks; otherwise one allocation in 128 is.
   *
   * @return false unless turned on
   */
  public boolean strictLeaks() {
    return number(HeapOptionsKey.STRICT_LEAKS) != 0;
  }

  /**
   * Whether the frame pool asks the system for huge pages.
   *
   * @return true unless turned off
   */
  public boolean hugePages() {
    return number(HeapOptionsKey.HUGE_PAGES) != 0;
  }

  /**
   * Whether the evacuator runs.
   *
   * @return true unless turned off
   */
  public boolean evacuation() {
    return number(HeapOptionsKey.EVACUATION) != 0;
  }

  /**
   * The share of one processor that the evacuator may use.
   *
   * @return more than 0, at most 1
   */
  public double evacuationCpu() {
    return share(HeapOptionsKey.EVACUATION_CPU);
  }

  /**
   * How many bytes the evacuator may read from far memory in a second.
   *
   * @return bytes per second
   */
  public long evacuationBandwidthBytes() {
    return number(HeapOptionsKey.EVACUATION_BANDWIDTH);
  }

  /**
   * Whether accessed objects are brought together, away from those that are not.
   *
   * @return true unless turned off
   */
  public boolean regrouping() {
    return number(HeapOptionsKey.REGROUPING) != 0;
  }

  /**
   * The share of a page's live bytes that must have been used for it to come in whole.
   *
   * @return more than 0, at most 1
   */
  public double pathThreshold() {
    return share(HeapOptionsKey.PATH_THRESHOLD);
  }

  /**
   * Whether cards say how much of a page was used, rather than access bits alone.
   *
   * @return true unless turned off
   */
  public boolean cards() {
    return number(HeapOptionsKey.CARDS) != 0;
  }

  /**
   * Most pages that come in ahead of a sequence of misses on the paging path.
   *
   * @return pages; 0 for none
   */
  public int readAheadPages() {
    return (int) number(HeapOptionsKey.READ_AHEAD);
  }

  /**
   * Every effective value with its origin, one a line: {@code local-memory = 1GiB (builder)}.
   *
   * @return the lines, each ended by {@code \n}
   */
  public String describe() {
    StringBuilder lines = new StringBuilder(1024);
    settings.forEach(
        (key, setting) ->
            lines
                .append(String.format(Locale.ROOT, "%-21s= %s", key.key(), setting.text()))
                .append(" (")
                .append(setting.origin())
                .append(")\n"));
    return lines.toString();
  }

  /**
   * The lines of {@link #describe()}.
   *
   * @return the lines
   */
  @Override
  public String toString() {
    return describe();
  }

  private long number(HeapOptionsKey key) {
    return settings.get(key).number();
  }

  private double share(HeapOptionsKey key) {
    return (double) number(key) / HeapOptionsKind.MILLIONTHS;
  }
}
