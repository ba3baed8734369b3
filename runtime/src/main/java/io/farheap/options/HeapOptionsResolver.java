package io.farheap.options;

import io.farheap.base.settings.SettingText;
import io.farheap.base.settings.SettingVariables;
import io.farheap.base.text.ByteSize;
import io.farheap.error.ConfigurationException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what file, environment and builder say into one value for each setting. Everything that is
 * said is checked, also where a stronger source overrides it: a wrong line in a file is wrong.
 */
final class HeapOptionsResolver {
  private static final Logger LOG = LoggerFactory.getLogger(HeapOptionsResolver.class);

  /** The default local budget is a quarter of the memory, but at most this. */
  private static final long MAX_DEFAULT_LOCAL_BYTES = 1L << 30;

  private static final int FAR_PER_LOCAL = 4;

  /**
   * What the defaults leave to an embedded memory server and the frames together, in millionths of
   * the memory: the Java heap takes the rest.
   */
  private static final long EMBEDDED_MILLIONTHS = 75 * HeapOptionsKind.MILLIONTHS_PER_PERCENT;

  private static final int MAX_DEFAULT_STRIPES = 64;
  private static final int STRIPES_PER_PROCESSOR = 2;

  /** Variables of this prefix that aren't settings: the file's path and the launcher's flags. */
  private static final Set<String> NO_SETTINGS =
      Set.of(HeapOptionsSources.CONFIG_VARIABLE, HeapOptionsKey.ENVIRONMENT_PREFIX + "JVM_OPTS");

  /** What the variables of memory servers begin with. */
  private static final String SERVER_PREFIX = HeapOptionsKey.ENVIRONMENT_PREFIX + "SERVER_";

  private static final String EMBEDDED_SCHEME = "embedded:";

  private final HeapOptionsMachine machine;
  private final Map<HeapOptionsKey, HeapOptionsSetting> settings =
      new EnumMap<>(HeapOptionsKey.class);

  private HeapOptionsResolver(HeapOptionsMachine machine) {
    this.machine = machine;
  }

  /**
   * Resolves all settings.
   *
   * @param sources file, environment and machine
   * @param file the file that the program names, or null
   * @param isolated whether file and environment are left out
   * @param built what the builder was told, in any order
   * @return a value for each key
   * @throws ConfigurationException if anything is wrong
   */
  static Map<HeapOptionsKey, HeapOptionsSetting> resolve(
      HeapOptionsSources sources, Path file, boolean isolated, Map<String, SettingText> built) {
    HeapOptionsResolver resolver = new HeapOptionsResolver(sources.machine());
    if (file != null || !isolated) {
      resolver.apply(sources.fileEntries(file));
    }
    if (!isolated) {
      resolver.apply(environmentEntries(sources.environment()));
    }
    resolver.apply(built);
    resolver.applyDefaults();
    resolver.roundFarMemory();
    resolver.checkTogether();
    return resolver.settings;
  }

  /**
   * The environment's settings. A variable that is nobody's typo isn't ours: Kubernetes, for one,
   * makes {@code FARHEAP_PORT} for a service of that name.
   */
  private static Map<String, SettingText> environmentEntries(Map<String, String> environment) {
    Map<String, SettingText> entries = new LinkedHashMap<>();
    Map<String, String> ours = new HashMap<>(environment);
    ours.keySet().removeIf(name -> name.startsWith(SERVER_PREFIX) || NO_SETTINGS.contains(name));
    SettingVariables.read(ours, HeapOptionsKey.ENVIRONMENT_PREFIX)
        .forEach(
            (key, text) -> {
              if (HeapOptionsKey.NAMES.nearest(key).isPresent()) {
                entries.put(key, text);
              } else {
                LOG.warn("{} is no setting of Farheap and is ignored", text.origin());
              }
            });
    return entries;
  }

  private void apply(Map<String, SettingText> entries) {
    entries.forEach(
        (name, text) -> {
          HeapOptionsKey key = HeapOptionsKey.find(name).orElseThrow(() -> unknown(name, text));
          settings.put(key, setting(key, text));
        });
  }

  private static ConfigurationException unknown(String name, SettingText text) {
    return new ConfigurationException(
        name, text.text(), HeapOptionsKey.NAMES.advice(HeapOptionsKey.bare(name)), text.origin());
  }

  private HeapOptionsSetting setting(HeapOptionsKey key, SettingText text) {
    long number;
    try {
      number = key.kind().parse(text.text(), machine.memoryBytes());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(key.key(), text.text(), allowed(key), text.origin(), e);
    }
    boolean fits = number >= key.min() && number <= max(key);
    if (!fits || (key.isPowerOfTwo() && Long.bitCount(number) != 1)) {
      throw new ConfigurationException(key.key(), text.text(), allowed(key), text.origin());
    }
    String written = text.text().strip();
    String origin =
        key.kind() == HeapOptionsKind.MEMORY && written.endsWith("%")
            ? text.origin() + ", " + written + " of " + memory()
            : text.origin();
    return new HeapOptionsSetting(number, key.kind().canonical(written, number), origin);
  }

  /** Frames come from this process's memory, so that they can't be more than that. */
  private long max(HeapOptionsKey key) {
    return key == HeapOptionsKey.LOCAL_MEMORY
        ? Math.max(key.min(), Math.min(key.max(), machine.memoryBytes()))
        : key.max();
  }

  private String allowed(HeapOptionsKey key) {
    HeapOptionsKind kind = key.kind();
    String range =
        switch (kind) {
          case FLAG, MODE, LOCATOR -> "";
          default -> " from " + kind.format(key.min()) + " to " + kind.format(max(key));
        };
    String bound = key == HeapOptionsKey.LOCAL_MEMORY ? " (" + machine.memoryOrigin() + ")" : "";
    return kind.form() + (key.isPowerOfTwo() ? ", a power of two" : "") + range + bound;
  }

  private void applyDefaults() {
    for (HeapOptionsKey key : HeapOptionsKey.values()) {
      key.defaultText()
          .ifPresent(
              text ->
                  settings.computeIfAbsent(
                      key, k -> setting(k, new SettingText(k.key(), text, "default"))));
    }
    settings.computeIfAbsent(HeapOptionsKey.LOCAL_MEMORY, key -> defaultLocal());
    settings.computeIfAbsent(HeapOptionsKey.FAR_MEMORY, key -> defaultFar());
    settings.computeIfAbsent(HeapOptionsKey.STRIPES, key -> defaultStripes());
  }

  private HeapOptionsSetting defaultLocal() {
    long localBytes =
        Math.clamp(
            machine.memoryBytes() / 4 & -HeapOptionsKey.LOCAL_MEMORY.min(),
            HeapOptionsKey.LOCAL_MEMORY.min(),
            MAX_DEFAULT_LOCAL_BYTES);
    return new HeapOptionsSetting(
        localBytes, ByteSize.format(localBytes), "default: 25% of " + memory() + ", at most 1GiB");
  }

  private HeapOptionsSetting defaultFar() {
    long localBytes = number(HeapOptionsKey.LOCAL_MEMORY);
    long farBytes = FAR_PER_LOCAL * localBytes;
    String origin = "default: " + FAR_PER_LOCAL + " x local-memory";
    if (settings.get(HeapOptionsKey.FAR_LOCATOR).text().startsWith(EMBEDDED_SCHEME)) {
      long roomBytes =
          HeapOptionsKind.share(machine.memoryBytes(), EMBEDDED_MILLIONTHS) - localBytes;
      farBytes = Math.max(localBytes, Math.min(farBytes, roomBytes));
      origin += ", embedded within 75% of " + memory();
    }
    farBytes = Math.min(farBytes, HeapOptionsKey.FAR_MEMORY.max());
    return new HeapOptionsSetting(farBytes, ByteSize.format(farBytes), origin);
  }

  private HeapOptionsSetting defaultStripes() {
    int wanted = Math.min(MAX_DEFAULT_STRIPES, STRIPES_PER_PROCESSOR * machine.processors());
    int stripes = Integer.highestOneBit(Math.max(1, wanted) * 2 - 1);
    return new HeapOptionsSetting(
        stripes,
        Integer.toString(stripes),
        "default: " + STRIPES_PER_PROCESSOR + " x " + machine.processors() + " processors");
  }

  private void roundFarMemory() {
    long slabBytes = number(HeapOptionsKey.SLAB_SIZE);
    HeapOptionsSetting far = settings.get(HeapOptionsKey.FAR_MEMORY);
    long roundedBytes = (far.number() + slabBytes - 1) & -slabBytes;
    if (roundedBytes != far.number()) {
      settings.put(
          HeapOptionsKey.FAR_MEMORY,
          new HeapOptionsSetting(
              roundedBytes,
              ByteSize.format(roundedBytes),
              far.origin() + ", rounded up to whole slabs"));
    }
  }

  private void checkTogether() {
    HeapOptionsSetting low = settings.get(HeapOptionsKey.LOW_WATERMARK);
    HeapOptionsSetting high = settings.get(HeapOptionsKey.HIGH_WATERMARK);
    if (low.number() >= high.number()) {
      throw new ConfigurationException(
          HeapOptionsKey.LOW_WATERMARK.key(),
          low.text(),
          "less than high-watermark, which is " + high.text() + " (" + high.origin() + ")",
          low.origin());
    }
  }

  private long number(HeapOptionsKey key) {
    return settings.get(key).number();
  }

  private String memory() {
    return ByteSize.text(machine.memoryBytes()) + ", " + machine.memoryOrigin();
  }
}
