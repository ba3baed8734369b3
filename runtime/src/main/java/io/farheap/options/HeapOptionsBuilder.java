package io.farheap.options;

import io.farheap.base.settings.SettingText;
import io.farheap.base.text.ByteSize;
import io.farheap.base.text.TimeSpan;
import io.farheap.error.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Collects a program's own settings. Nothing is checked until {@link #build()}, which checks
 * everything. For one thread at a time.
 */
public final class HeapOptionsBuilder {
  private static final String ORIGIN = "builder";

  private final Supplier<HeapOptionsSources> sources;
  private final Map<String, SettingText> texts = new LinkedHashMap<>();
  private Path file;
  private boolean isolated;

  HeapOptionsBuilder(Supplier<HeapOptionsSources> sources) {
    this.sources = sources;
  }

  /**
   * Sets a setting by its key, as a file does.
   *
   * @param key such as {@code local-memory}
   * @param value its text, such as {@code 25%}
   * @return this
   */
  public HeapOptionsBuilder set(String key, String value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    String bare = HeapOptionsKey.bare(key);
    texts.put(bare, new SettingText(bare, value, ORIGIN));
    return this;
  }

  /**
   * Names the configuration file, in place of the one that the environment names.
   *
   * @param propertiesFile a properties file in UTF-8
   * @return this
   */
  public HeapOptionsBuilder file(Path propertiesFile) {
    this.file = Objects.requireNonNull(propertiesFile, "propertiesFile");
    return this;
  }

  /**
   * Leaves the environment out, and the file that it names: for tests, and for libraries whose heap
   * is nobody else's business.
   *
   * @return this
   */
  public HeapOptionsBuilder isolated() {
    this.isolated = true;
    return this;
  }

  /**
   * Sets the local budget.
   *
   * @param size such as {@code 512MiB} or {@code 25%}
   * @return this
   */
  public HeapOptionsBuilder localMemory(String size) {
    return set(HeapOptionsKey.LOCAL_MEMORY, size);
  }

  /**
   * Sets the local budget.
   *
   * @param lengthBytes bytes, at least 2 MiB
   * @return this
   */
  public HeapOptionsBuilder localMemoryBytes(long lengthBytes) {
    return set(HeapOptionsKey.LOCAL_MEMORY, bytes(lengthBytes));
  }

  /**
   * Sets the capacity of the heap.
   *
   * @param size such as {@code 16GiB} or {@code 50%}; rounded up to whole slabs
   * @return this
   */
  public HeapOptionsBuilder farMemory(String size) {
    return set(HeapOptionsKey.FAR_MEMORY, size);
  }

  /**
   * Sets the capacity of the heap.
   *
   * @param lengthBytes bytes, at least 1 MiB; rounded up to whole slabs
   * @return this
   */
  public HeapOptionsBuilder farMemoryBytes(long lengthBytes) {
    return set(HeapOptionsKey.FAR_MEMORY, bytes(lengthBytes));
  }

  /**
   * Sets where the memory servers are.
   *
   * @param locator such as {@code embedded:}
   * @return this
   */
  public HeapOptionsBuilder farLocator(String locator) {
    return set(HeapOptionsKey.FAR_LOCATOR, locator);
  }

  /**
   * Sets which paths misses take.
   *
   * @param mode the mode
   * @return this
   */
  public HeapOptionsBuilder mode(Mode mode) {
    return set(HeapOptionsKey.MODE, mode.name());
  }

  /**
   * Sets the unit of placement on a memory server.
   *
   * @param lengthBytes bytes, a power of two from 1 MiB to 1 GiB
   * @return this
   */
  public HeapOptionsBuilder slabSizeBytes(long lengthBytes) {
    return set(HeapOptionsKey.SLAB_SIZE, bytes(lengthBytes));
  }

  /**
   * Sets how long an operation waits for a frame.
   *
   * @param timeout 1 ms to 1 h
   * @return this
   */
  public HeapOptionsBuilder frameWaitTimeout(Duration timeout) {
    return set(HeapOptionsKey.FRAME_WAIT_TIMEOUT, span(timeout));
  }

  /**
   * Sets how long an operation waits for a memory server.
   *
   * @param timeout 1 ms to 1 h
   * @return this
   */
  public HeapOptionsBuilder transportTimeout(Duration timeout) {
    return set(HeapOptionsKey.TRANSPORT_TIMEOUT, span(timeout));
  }

  /**
   * Sets the age from which an open scope is reported.
   *
   * @param age 1 ms to 1 h
   * @return this
   */
  public HeapOptionsBuilder scopeWarning(Duration age) {
    return set(HeapOptionsKey.SCOPE_WARNING, span(age));
  }

  /**
   * Sets the duration from which a fetch becomes a Flight Recorder event.
   *
   * @param threshold 0 to 1 h
   * @return this
   */
  public HeapOptionsBuilder slowFetchThreshold(Duration threshold) {
    return set(HeapOptionsKey.SLOW_FETCH_THRESHOLD, span(threshold));
  }

  /**
   * Sets whether segments that a scope handed out refuse use after it and on other threads.
   *
   * @param on false gives up the check, for speed
   * @return this
   */
  public HeapOptionsBuilder segmentChecks(boolean on) {
    return set(HeapOptionsKey.SEGMENT_CHECKS, Boolean.toString(on));
  }

  /**
   * Sets how many allocation buffers all threads share.
   *
   * @param count a power of two from 1 to 1024
   * @return this
   */
  public HeapOptionsBuilder stripes(int count) {
    return set(HeapOptionsKey.STRIPES, Integer.toString(count));
  }

  /**
   * Sets the share of free frames below which pages begin to go out.
   *
   * @param percentage such as {@code 4%}
   * @return this
   */
  public HeapOptionsBuilder lowWatermark(String percentage) {
    return set(HeapOptionsKey.LOW_WATERMARK, percentage);
  }

  /**
   * Sets the share of free frames at which pages stop going out.
   *
   * @param percentage such as {@code 8%}
   * @return this
   */
  public HeapOptionsBuilder highWatermark(String percentage) {
    return set(HeapOptionsKey.HIGH_WATERMARK, percentage);
  }

  /**
   * Sets whether every pointer is watched for leaks, rather than a sample.
   *
   * @param on true costs a stack walk and a reference for each allocation
   * @return this
   */
  public HeapOptionsBuilder strictLeaks(boolean on) {
    return set(HeapOptionsKey.STRICT_LEAKS, Boolean.toString(on));
  }

  /**
   * Sets whether the frame pool asks the system for huge pages.
   *
   * @param on false for ordinary pages
   * @return this
   */
  public HeapOptionsBuilder hugePages(boolean on) {
    return set(HeapOptionsKey.HUGE_PAGES, Boolean.toString(on));
  }

  /**
   * Sets whether the evacuator runs: the agent that brings accessed objects together and gives
   * garbage back.
   *
   * @param on false leaves objects where they are, for comparisons
   * @return this
   */
  public HeapOptionsBuilder evacuation(boolean on) {
    return set(HeapOptionsKey.EVACUATION, Boolean.toString(on));
  }

  /**
   * Sets the share of one processor that the evacuator may use.
   *
   * @param percentage 1 % to 100 %, such as {@code 25%}
   * @return this
   */
  public HeapOptionsBuilder evacuationCpu(String percentage) {
    return set(HeapOptionsKey.EVACUATION_CPU, percentage);
  }

  /**
   * Sets how many bytes the evacuator may read from far memory in a second.
   *
   * @param size such as {@code 256MiB}, at least 1 MiB
   * @return this
   */
  public HeapOptionsBuilder evacuationBandwidth(String size) {
    return set(HeapOptionsKey.EVACUATION_BANDWIDTH, size);
  }

  /**
   * Sets whether accessed objects are brought together, away from those that are not.
   *
   * @param on false for comparisons
   * @return this
   */
  public HeapOptionsBuilder regrouping(boolean on) {
    return set(HeapOptionsKey.REGROUPING, Boolean.toString(on));
  }

  /**
   * Sets how much of a page's live bytes must be used for it to come in whole the next time.
   *
   * @param percentage such as {@code 80%}
   * @return this
   */
  public HeapOptionsBuilder pathThreshold(String percentage) {
    return set(HeapOptionsKey.PATH_THRESHOLD, percentage);
  }

  /**
   * Sets whether cards say how much of a page was used, rather than access bits alone.
   *
   * @param on false for comparisons
   * @return this
   */
  public HeapOptionsBuilder cards(boolean on) {
    return set(HeapOptionsKey.CARDS, Boolean.toString(on));
  }

  /**
   * Sets how many pages at most come in ahead of a sequence of misses on the paging path.
   *
   * @param pages 0 to 64; 0 for none
   * @return this
   */
  public HeapOptionsBuilder readAhead(int pages) {
    return set(HeapOptionsKey.READ_AHEAD, Integer.toString(pages));
  }

  /**
   * Checks everything that builder, environment and file say, and freezes it. The builder may be
   * used on.
   *
   * @return the options
   * @throws ConfigurationException if a setting is wrong; it says which, and where it was set
   */
  public HeapOptions build() {
    return new HeapOptions(HeapOptionsResolver.resolve(sources.get(), file, isolated, texts));
  }

  private HeapOptionsBuilder set(HeapOptionsKey key, String value) {
    return set(key.key(), value);
  }

  private static String bytes(long lengthBytes) {
    return lengthBytes < 0 ? Long.toString(lengthBytes) : ByteSize.format(lengthBytes);
  }

  /** A span outside what a {@code long} of nanoseconds holds keeps a text that is refused. */
  private static String span(Duration duration) {
    boolean holds =
        !duration.isNegative() && duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) <= 0;
    return holds ? TimeSpan.format(duration.toNanos()) : duration.toString();
  }
}
