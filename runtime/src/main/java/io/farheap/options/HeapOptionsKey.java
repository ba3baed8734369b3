package io.farheap.options;

import static io.farheap.options.HeapOptionsKind.DURATION;
import static io.farheap.options.HeapOptionsKind.FLAG;
import static io.farheap.options.HeapOptionsKind.INTEGER;
import static io.farheap.options.HeapOptionsKind.MEMORY;
import static io.farheap.options.HeapOptionsKind.MILLIONTHS_PER_PERCENT;
import static io.farheap.options.HeapOptionsKind.PERCENT;
import static io.farheap.options.HeapOptionsKind.SIZE;

import io.farheap.base.settings.SettingNames;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Every setting: its key, kind, allowed range and default. */
enum HeapOptionsKey {
  /** Bytes of the frame pool. Two MiB hold the largest object and the reserve. */
  LOCAL_MEMORY(MEMORY, 2 * Units.MIB, Units.FAR_LIMIT, null),
  /** Bytes of far address space; rounded up to whole slabs. */
  FAR_MEMORY(MEMORY, Units.MIB, Units.FAR_LIMIT, null),
  /** Where the memory servers are. */
  FAR_LOCATOR(HeapOptionsKind.LOCATOR, 0, 0, "embedded:"),
  /** Which paths misses take. */
  MODE(HeapOptionsKind.MODE, 0, 0, "HYBRID"),
  /** Bytes of the unit of placement on a memory server. */
  SLAB_SIZE(SIZE, Units.MIB, Units.GIB, "64MiB"),
  /** How long an operation waits for a frame. */
  FRAME_WAIT_TIMEOUT(DURATION, Units.MILLI, Units.HOUR, "10s"),
  /** How long an operation waits for a memory server. */
  TRANSPORT_TIMEOUT(DURATION, Units.MILLI, Units.HOUR, "5s"),
  /** The age from which an open scope is reported. */
  SCOPE_WARNING(DURATION, Units.MILLI, Units.HOUR, "1s"),
  /** The duration from which a fetch becomes a Flight Recorder event. */
  SLOW_FETCH_THRESHOLD(DURATION, 0, Units.HOUR, "10ms"),
  /** Whether segments handed out in a scope refuse use after it and on other threads. */
  SEGMENT_CHECKS(FLAG, 0, 1, "true"),
  /** How many allocation buffers threads share. */
  STRIPES(INTEGER, 1, 1024, null),
  /** The share of free frames below which pages go out. */
  LOW_WATERMARK(PERCENT, MILLIONTHS_PER_PERCENT / 10, 50 * MILLIONTHS_PER_PERCENT, "4%"),
  /** The share of free frames at which page-outs stop. */
  HIGH_WATERMARK(PERCENT, MILLIONTHS_PER_PERCENT / 10, 75 * MILLIONTHS_PER_PERCENT, "8%"),
  /** Whether every pointer is watched for leaks, rather than a sample. */
  STRICT_LEAKS(FLAG, 0, 1, "false"),
  /** Whether the frame pool asks for huge pages. */
  HUGE_PAGES(FLAG, 0, 1, "true"),
  /** Whether the evacuator runs. */
  EVACUATION(FLAG, 0, 1, "true"),
  /** The share of one processor that the evacuator may use. */
  EVACUATION_CPU(PERCENT, MILLIONTHS_PER_PERCENT, 100 * MILLIONTHS_PER_PERCENT, "25%"),
  /** Bytes that the evacuator may read from far memory in a second. */
  EVACUATION_BANDWIDTH(SIZE, Units.MIB, Units.FAR_LIMIT, "256MiB"),
  /** Whether accessed objects are brought together, away from those that are not. */
  REGROUPING(FLAG, 0, 1, "true"),
  /** The share of a page's live bytes from which on its use makes it come in whole. */
  PATH_THRESHOLD(PERCENT, MILLIONTHS_PER_PERCENT, 100 * MILLIONTHS_PER_PERCENT, "80%"),
  /** Whether cards say how much of a page was used, rather than access bits alone. */
  CARDS(FLAG, 0, 1, "true"),
  /** Most pages that come in ahead of a sequence of misses. */
  READ_AHEAD(INTEGER, 0, 64, "16");

  /** What environment variables begin with. */
  static final String ENVIRONMENT_PREFIX = "FARHEAP_";

  /** Keys in files may begin with this, so that they can live beside other programs' keys. */
  static final String KEY_PREFIX = "farheap.";

  /** All keys. */
  static final SettingNames NAMES =
      new SettingNames(Arrays.stream(values()).map(HeapOptionsKey::key).toList());

  private final HeapOptionsKind kind;
  private final long min;
  private final long max;
  private final String defaultText;

  /** A null default is computed from the machine and the other settings. */
  HeapOptionsKey(HeapOptionsKind kind, long min, long max, String defaultText) {
    this.kind = kind;
    this.min = min;
    this.max = max;
    this.defaultText = defaultText;
  }

  /** The key as files and the builder spell it, such as {@code local-memory}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name of its environment variable, such as {@code FARHEAP_LOCAL_MEMORY}. */
  String environmentName() {
    return ENVIRONMENT_PREFIX + name();
  }

  HeapOptionsKind kind() {
    return kind;
  }

  long min() {
    return min;
  }

  long max() {
    return max;
  }

  /** The default as text; empty when it is computed. */
  Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** Whether only powers of two are allowed. */
  boolean isPowerOfTwo() {
    return this == SLAB_SIZE || this == STRIPES;
  }

  /** A key without the prefix {@code farheap.}, which it may have. */
  static String bare(String key) {
    return key.startsWith(KEY_PREFIX) ? key.substring(KEY_PREFIX.length()) : key;
  }

  /** The setting with a key, which may have the prefix. */
  static Optional<HeapOptionsKey> find(String key) {
    String bare = bare(key);
    for (HeapOptionsKey candidate : values()) {
      if (candidate.key().equals(bare)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Constants for the list above, which an enum can't declare before it. */
  private static final class Units {
    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;

    /** A far address has 48 bits. */
    static final long FAR_LIMIT = 1L << 48;

    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    static final long HOUR = TimeUnit.HOURS.toNanos(1);
  }
}
