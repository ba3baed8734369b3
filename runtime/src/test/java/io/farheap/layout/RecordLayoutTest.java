package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent")
class RecordLayoutTest {
  record Point(double x, double y) {}

  record AllKinds(byte a, short b, boolean c, int d, char e, long f, float g, double h) {}

  record Padded(byte a, long b, byte c) {}

  record Small(byte a, short b) {}

  record WithArrays(byte tag, @Length(3) int[] counts, @Length(2) boolean[] flags) {}

  record Body(int id, Point position, Small small, Padded padded) {}

  record Empty() {}

  record Text(String text) {}

  record Outer(int id, Text text) {}

  record NoLength(int[] values) {}

  record BadLength(@Length(0) int[] values) {}

  record MisplacedLength(@Length(2) int value) {}

  record ArrayOfRecords(@Length(2) Point[] points) {}

  record ArrayOfArrays(@Length(2) int[][] values) {}

  record Generic<V>(V value) {}

  record HoldsGeneric(Generic<Integer> inner) {}

  record Chain(long value, Chain next) {}

  record Ping(Pong pong) {}

  record Pong(Ping ping) {}

  record Huge(@Length(Integer.MAX_VALUE) long[] values) {}

  record RacedFor(int a, Point b) {}

  @Test
  void componentsLieInDeclaredOrderAtTheirNaturalAlignment() {
    RecordLayout<AllKinds> layout = RecordLayout.of(AllKinds.class);
    assertEquals(0, layout.offsetOf("a"));
    assertEquals(2, layout.offsetOf("b"));
    assertEquals(4, layout.offsetOf("c"));
    assertEquals(8, layout.offsetOf("d"));
    assertEquals(12, layout.offsetOf("e"));
    assertEquals(16, layout.offsetOf("f"));
    assertEquals(24, layout.offsetOf("g"));
    assertEquals(32, layout.offsetOf("h"));
    assertEquals(40, layout.lengthBytes());
  }

  @Test
  void lengthIsRoundedUpToTheLargestAlignment() {
    assertEquals(16, RecordLayout.of(Point.class).lengthBytes());
    assertEquals(24, RecordLayout.of(Padded.class).lengthBytes());
    assertEquals(4, RecordLayout.of(Small.class).lengthBytes());
    assertEquals(20, RecordLayout.of(WithArrays.class).lengthBytes());
    assertEquals(0, RecordLayout.of(Empty.class).lengthBytes());
  }

  @Test
  void nestedRecordsLieInPlaceAndHavePaths() {
    RecordLayout<Body> layout = RecordLayout.of(Body.class);
    assertEquals(8, layout.offsetOf("position"));
    assertEquals(16, layout.offsetOf("position.y"));
    assertEquals(26, layout.offsetOf("small.b"));
    assertEquals(32, layout.offsetOf("padded.a"));
    assertEquals(48, layout.offsetOf("padded.c"));
    assertEquals(56, layout.lengthBytes());
  }

  @Test
  void memoryLayoutAgreesAndHasNames() {
    MemoryLayout layout = RecordLayout.of(Body.class).memoryLayout();
    assertEquals(56, layout.byteSize());
    assertEquals(8, layout.byteAlignment());
    assertEquals(
        48, layout.byteOffset(PathElement.groupElement("padded"), PathElement.groupElement("c")));
    MemoryLayout arrays = RecordLayout.of(WithArrays.class).memoryLayout();
    assertEquals(
        12, arrays.byteOffset(PathElement.groupElement("counts"), PathElement.sequenceElement(2)));
  }

  @Test
  void descriptionShowsOffsetsNestingAndPadding() {
    record Inner(short s, int i) {}

    record Shown(byte b, Inner inner, @Length(2) char[] cs, long l) {}

    String expected =
        """
        record io.farheap.layout.RecordLayoutTest$1Shown: 24 bytes, aligned to 8
          offset   bytes  component
               0       1  byte b
               1       3  (padding)
               4       8  Inner inner
               4       2    short s
               6       2    (padding)
               8       4    int i
              12       4  char[2] cs
              16       8  long l
        """;
    assertEquals(expected, RecordLayout.of(Shown.class).describe().replace("\r\n", "\n"));
  }

  @Test
  void layoutIsMadeOncePerClass() {
    RecordLayout<Point> layout = RecordLayout.of(Point.class);
    assertSame(layout, RecordLayout.of(Point.class));
    assertSame(layout, RecordLayout.of(MethodHandles.lookup(), Point.class));
    assertSame(layout.codec(), RecordLayout.of(Point.class).codec());
    assertSame(Point.class, layout.recordType());
  }

  @Test
  void racingThreadsGetTheSameLayout() throws InterruptedException {
    int threadCount = 8;
    Set<RecordLayout<?>> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      start.await();
                      seen.add(RecordLayout.of(RacedFor.class));
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(Set.of(RecordLayout.of(RacedFor.class)), seen);
  }

  @Test
  void unsupportedComponentIsNamedWithItsTypeAndWhatIsSupported() {
    assertRefused(Text.class, "component text", "java.lang.String", "double", "@Length(n)");
    assertRefused(Outer.class, "Text", "component text", "java.lang.String");
    assertRefused(ArrayOfRecords.class, "component points", "Point[]", "Supported are");
    assertRefused(ArrayOfArrays.class, "component values", "int[][]", "Supported are");
  }

  @Test
  void arraysNeedALengthAndOnlyArraysMayHaveOne() {
    assertRefused(NoLength.class, "component values", "int[]", "@Length(n)");
    assertRefused(BadLength.class, "component values", "@Length(0)", "1 or more");
    assertRefused(MisplacedLength.class, "component value", "arrays only");
    assertRefused(Huge.class, "component values", "shorter");
  }

  @Test
  void recordsWithoutAFixedLayoutAreRefused() {
    assertRefused(Generic.class, "generic");
    assertRefused(HoldsGeneric.class, "generic");
    assertRefused(Chain.class, "contains itself");
    assertRefused(Ping.class, "contains itself");
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void classesThatAreNoRecordsAreRefused() {
    assertRefused((Class) String.class, "java.lang.String", "not a record");
    assertRefused(Record.class, "java.lang.Record", "not a record");
  }

  @Test
  void aRefusalIsRepeated() {
    assertRefused(Text.class, "component text");
    assertRefused(Text.class, "component text");
  }

  @Test
  void unknownPathsSayWhatThereIs() {
    RecordLayout<Body> layout = RecordLayout.of(Body.class);
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.offsetOf("positron")),
        "Body.positron",
        "id, position, small, padded");
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.offsetOf("position.z")),
        "Point has no component \"z\"",
        "x, y");
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.offsetOf("id.x")), "id has the type int");
    assertMessage(assertThrows(LayoutException.class, () -> layout.offsetOf("")), "id, position");
    assertMessage(assertThrows(LayoutException.class, () -> layout.offsetOf("position.")), "x, y");
  }

  private static <T extends Record> void assertRefused(Class<T> type, String... parts) {
    assertMessage(assertThrows(LayoutException.class, () -> RecordLayout.of(type)), parts);
  }

  private static void assertMessage(LayoutException e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> part + " is not in: " + e.getMessage());
    }
  }
}
