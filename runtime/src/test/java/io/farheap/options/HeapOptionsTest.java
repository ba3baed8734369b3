package io.farheap.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HeapOptionsTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final HeapOptionsMachine MACHINE =
      new HeapOptionsMachine(16 * GIB, "this machine's memory", 6);

  @TempDir private Path folder;

  @Test
  void defaultsSuitAnEmbeddedHeap() {
    HeapOptions options = builder(Map.of()).build();
    assertEquals(GIB, options.localMemoryBytes());
    assertEquals(4 * GIB, options.farMemoryBytes());
    assertEquals("embedded:", options.farLocator());
    assertEquals(Mode.HYBRID, options.mode());
    assertEquals(64 * MIB, options.slabSizeBytes());
    assertEquals(Duration.ofSeconds(10).toNanos(), options.frameWaitTimeoutNanos());
    assertEquals(Duration.ofSeconds(5).toNanos(), options.transportTimeoutNanos());
    assertEquals(Duration.ofSeconds(1).toNanos(), options.scopeWarningNanos());
    assertEquals(Duration.ofMillis(10).toNanos(), options.slowFetchThresholdNanos());
    assertTrue(options.segmentChecks());
    assertEquals(16, options.stripes());
    assertEquals(0.04, options.lowWatermark());
    assertEquals(0.08, options.highWatermark());
    assertFalse(options.strictLeaks());
    assertTrue(options.hugePages());
  }

  /** Embedded defaults fit a machine; far memory never is less than local memory. */
  @ParameterizedTest
  @CsvSource({
    "1073741824, 268435456, 536870912",
    "2147483648, 536870912, 1073741824",
    "8589934592, 1073741824, 4294967296",
    "1099511627776, 1073741824, 4294967296",
    "1048576, 2097152, 67108864",
  })
  void embeddedDefaultsFollowTheMachine(long memoryBytes, long localBytes, long farBytes) {
    HeapOptions options =
        builder(Map.of(), null, new HeapOptionsMachine(memoryBytes, "test", 2)).build();
    assertEquals(localBytes, options.localMemoryBytes());
    assertEquals(farBytes, options.farMemoryBytes());
  }

  @Test
  void remoteFarMemoryIsFourTimesLocal() {
    HeapOptions options =
        builder(Map.of()).farLocator("tcp://far:7070").localMemory("12GiB").build();
    assertEquals(48 * GIB, options.farMemoryBytes());
  }

  @Test
  void builderWinsOverEnvironmentOverFileOverDefault() throws IOException {
    Path file = file("local-memory=1GiB\nslab-size=1MiB\nfarheap.stripes=2\n");
    HeapOptions options =
        builder(
                Map.of(
                    "FARHEAP_CONFIG", file.toString(),
                    "FARHEAP_LOCAL_MEMORY", "2GiB",
                    "FARHEAP_SLAB_SIZE", "2MiB",
                    "PATH", "/bin"))
            .localMemory("3GiB")
            .build();
    assertEquals(3 * GIB, options.localMemoryBytes());
    assertEquals(2 * MIB, options.slabSizeBytes());
    assertEquals(2, options.stripes());
    assertEquals(Mode.HYBRID, options.mode());

    String text = options.describe();
    assertTrue(text.contains("local-memory         = 3GiB (builder)\n"), text);
    assertTrue(text.contains("slab-size            = 2MiB (environment FARHEAP_SLAB_SIZE)"), text);
    assertTrue(text.contains("stripes              = 2 (" + file + ":3)"), text);
    assertTrue(text.contains("mode                 = HYBRID (default)"), text);
    assertEquals(HeapOptionsKey.values().length, text.lines().count());
  }

  @Test
  void theProgramsFileWinsOverThePropertysOverTheEnvironments() throws IOException {
    Path first = file("stripes=2\n");
    Path second = file("stripes=4\n");
    Path third = file("stripes=8\n");
    Map<String, String> environment = Map.of("FARHEAP_CONFIG", first.toString());
    assertEquals(2, builder(environment, null, MACHINE).build().stripes());
    assertEquals(4, builder(environment, second.toString(), MACHINE).build().stripes());
    assertEquals(8, builder(environment, second.toString(), MACHINE).file(third).build().stripes());
  }

  @Test
  void isolatedLeavesEnvironmentAndItsFileOut() throws IOException {
    Path file = file("stripes=2\n");
    Map<String, String> environment =
        Map.of("FARHEAP_CONFIG", file.toString(), "FARHEAP_MODE", "nonsense");
    assertEquals(16, builder(environment).isolated().build().stripes());
    assertEquals(2, builder(environment).isolated().file(file).build().stripes());
  }

  @Test
  void percentagesAreOfTheMemory() {
    HeapOptions options = builder(Map.of("FARHEAP_LOCAL_MEMORY", "12.5%")).farMemory("50%").build();
    assertEquals(2 * GIB, options.localMemoryBytes());
    assertEquals(8 * GIB, options.farMemoryBytes());
    assertTrue(
        options.describe().contains("FARHEAP_LOCAL_MEMORY, 12.5% of 16 GiB, this machine's memory"),
        options.describe());
  }

  @Test
  void farMemoryIsWholeSlabs() {
    HeapOptions options = builder(Map.of()).farMemory("100MiB").slabSizeBytes(64 * MIB).build();
    assertEquals(128 * MIB, options.farMemoryBytes());
    assertTrue(options.describe().contains("128MiB (builder, rounded up"), options.describe());
  }

  @Test
  void typedSettersSayWhatTheirNamesSay() {
    HeapOptions options =
        builder(Map.of())
            .localMemoryBytes(64 * MIB)
            .farMemoryBytes(GIB)
            .farLocator("tcp://far:7070")
            .mode(Mode.OBJECT_ONLY)
            .slabSizeBytes(MIB)
            .frameWaitTimeout(Duration.ofMillis(1))
            .transportTimeout(Duration.ofMillis(2))
            .scopeWarning(Duration.ofMillis(3))
            .slowFetchThreshold(Duration.ZERO)
            .segmentChecks(false)
            .stripes(1)
            .lowWatermark("1%")
            .highWatermark("2.5%")
            .strictLeaks(true)
            .hugePages(false)
            .build();
    assertEquals(64 * MIB, options.localMemoryBytes());
    assertEquals(GIB, options.farMemoryBytes());
    assertEquals("tcp://far:7070", options.farLocator());
    assertEquals(Mode.OBJECT_ONLY, options.mode());
    assertEquals(MIB, options.slabSizeBytes());
    assertEquals(1_000_000, options.frameWaitTimeoutNanos());
    assertEquals(2_000_000, options.transportTimeoutNanos());
    assertEquals(3_000_000, options.scopeWarningNanos());
    assertEquals(0, options.slowFetchThresholdNanos());
    assertFalse(options.segmentChecks());
    assertEquals(1, options.stripes());
    assertEquals(0.01, options.lowWatermark());
    assertEquals(0.025, options.highWatermark());
    assertTrue(options.strictLeaks());
    assertFalse(options.hugePages());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local-memory | 12 potatoes | a size such as 512MiB",
        "local-memory | 1MiB | from 2MiB to 16GiB (this machine's memory)",
        "local-memory | 17GiB | from 2MiB to 16GiB (this machine's memory)",
        "local-memory | 101% | percentage",
        "far-memory | 257TiB | to 256TiB",
        "far-locator | nowhere | embedded:",
        "mode | FAST | HYBRID, PAGING_ONLY or OBJECT_ONLY",
        "slab-size | 3MiB | a power of two from 1MiB to 1GiB",
        "slab-size | 2GiB | a power of two from 1MiB to 1GiB",
        "frame-wait-timeout | 10 | such as 200ms or 5s from 1ms to 1h",
        "transport-timeout | 0s | from 1ms to 1h",
        "stripes | 3 | a power of two from 1 to 1024",
        "stripes | -1 | whole number",
        "strict-leaks | yes | true or false",
        "low-watermark | 0% | from 0.1% to 50%",
        "low-watermark | 8% | less than high-watermark, which is 8% (default)",
      })
  void aWrongValueIsNamedWithItsRangeAndOrigin(String key, String value, String allowed)
      throws IOException {
    Path file = file("# first line\n" + key + " = " + value + "\n");
    String variable = "FARHEAP_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    assertNames(builder(Map.of()).file(file), key, value, allowed, file + ":2");
    assertNames(builder(Map.of(variable, value)), key, value, allowed, "environment " + variable);
    assertNames(builder(Map.of()).set(key, value), key, value, allowed, "builder");
    assertNames(builder(Map.of()).set("farheap." + key, value), key, value, allowed, "builder");
  }

  private static void assertNames(
      HeapOptionsBuilder builder, String key, String value, String allowed, String origin) {
    ConfigurationException e = assertThrows(ConfigurationException.class, builder::build);
    assertEquals(key, e.key());
    assertEquals(value, e.value());
    assertEquals(origin, e.origin());
    assertTrue(e.allowed().contains(allowed), e.getMessage());
    for (String part : new String[] {key, value, allowed, origin}) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void aWrongValueIsRefusedEvenWhenOverridden() {
    assertThrows(
        ConfigurationException.class,
        () -> builder(Map.of("FARHEAP_MODE", "FAST")).mode(Mode.HYBRID).build());
  }

  @Test
  void anUnknownKeyNamesTheNearest() throws IOException {
    assertUnknown(builder(Map.of()).set("local-memroy", "1GiB"), "the key local-memory ");
    assertUnknown(builder(Map.of()).set("far_memory", "1GiB"), "the key far-memory ");
    assertUnknown(builder(Map.of()).set("potatoes", "12"), "one of the keys local-memory, ");
    assertUnknown(builder(Map.of()).file(file("Mode = HYBRID")), "the key mode ");
    assertUnknown(builder(Map.of("FARHEAP_LOCAL_MEMROY", "1GiB")), "the key local-memory ");
  }

  private static void assertUnknown(HeapOptionsBuilder builder, String advice) {
    ConfigurationException e = assertThrows(ConfigurationException.class, builder::build);
    assertTrue(e.getMessage().contains(advice), e.getMessage());
  }

  @Test
  void aVariableThatIsNobodysTypoIsNotOurs() {
    assertEquals(
        16,
        builder(
                Map.of(
                    "FARHEAP_PORT", "tcp://10.0.0.1:7070",
                    "FARHEAP_SERVICE_HOST", "10.0.0.1",
                    "FARHEAP_JVM_OPTS", "-Xmx1g"))
            .build()
            .stripes());
  }

  @ParameterizedTest
  @EnumSource(HeapOptionsKey.class)
  void everyKeyIsFoundByEachOfItsNames(HeapOptionsKey key) {
    assertEquals(key, HeapOptionsKey.find(key.key()).orElseThrow());
    assertEquals(key, HeapOptionsKey.find("farheap." + key.key()).orElseThrow());
    assertEquals(key.key(), HeapOptionsKey.NAMES.nearest(key.key()).orElseThrow());
    assertEquals(
        key.key(), HeapOptionsKey.NAMES.nearest(key.environmentName().substring(8)).orElseThrow());
  }

  @Test
  void whatIsDescribedIsAccepted() {
    for (int seed = 0; seed < 500; seed++) {
      HeapOptions options = random(new SplittableRandom(seed));
      HeapOptionsBuilder again = builder(Map.of());
      options
          .describe()
          .lines()
          .map(line -> line.split("\\s*= | \\(", 3))
          .forEach(parts -> again.set(parts[0], parts[1]));
      assertEquals(values(options.describe()), values(again.build().describe()), "seed " + seed);
    }
  }

  private static Set<String> values(String description) {
    Set<String> values = new HashSet<>();
    description.lines().forEach(line -> values.add(line.substring(0, line.indexOf(" ("))));
    return values;
  }

  private static HeapOptions random(SplittableRandom random) {
    return builder(Map.of())
        .localMemoryBytes(random.nextLong(2 * MIB, 16 * GIB))
        .farMemory(random.nextInt(1, 101) + "." + random.nextInt(10_000) / 10_000 + "%")
        .slabSizeBytes(MIB << random.nextInt(11))
        .mode(List.of(Mode.values()).get(random.nextInt(3)))
        .frameWaitTimeout(Duration.ofNanos(random.nextLong(1_000_000, 3_600_000_000_000L)))
        .lowWatermark("0." + random.nextInt(1000, 10_000) + "%")
        .stripes(1 << random.nextInt(11))
        .strictLeaks(random.nextBoolean())
        .build();
  }

  @Test
  void outlandishDurationsAndSizesAreRefusedAsSuch() {
    HeapOptionsBuilder longest =
        builder(Map.of()).frameWaitTimeout(Duration.ofSeconds(Long.MAX_VALUE));
    assertThrows(ConfigurationException.class, longest::build);
    HeapOptionsBuilder negative = builder(Map.of()).scopeWarning(Duration.ofMillis(-5));
    assertThrows(ConfigurationException.class, negative::build);
    HeapOptionsBuilder size = builder(Map.of()).localMemoryBytes(-1);
    assertThrows(ConfigurationException.class, size::build);
  }

  @Test
  void theBuilderMayBeUsedOnWithoutChangingWhatItBuilt() {
    HeapOptionsBuilder builder = builder(Map.of()).stripes(2);
    HeapOptions options = builder.build();
    assertEquals(4, builder.stripes(4).build().stripes());
    assertEquals(2, options.stripes());
  }

  @Test
  void thisProcessHasOptions() {
    HeapOptions options = HeapOptions.builder().isolated().build();
    assertTrue(options.farMemoryBytes() >= options.localMemoryBytes(), options.toString());
  }

  private Path file(String text) throws IOException {
    Path file = Files.createTempFile(folder, "farheap", ".properties");
    return Files.writeString(file, text);
  }

  private static HeapOptionsBuilder builder(Map<String, String> environment) {
    return builder(environment, null, MACHINE);
  }

  private static HeapOptionsBuilder builder(
      Map<String, String> environment, String configProperty, HeapOptionsMachine machine) {
    return new HeapOptionsBuilder(
        () -> new HeapOptionsSources(environment, configProperty, machine));
  }
}
