package io.farheap.internal.miss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.internal.miss.PageStreams.Ahead;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which pages are read ahead of which misses. */
class PageStreamsTest {
  private final PageStreams streams = new PageStreams(16);

  @Test
  void loneMissReadsNothingAhead() {
    assertNull(streams.missed(1000));
    assertNull(streams.missed(500));
    assertNull(streams.missed(999));
    assertNull(streams.missed(0));
    assertNull(streams.used(1));
  }

  @Test
  void neighbourOfAMissStartsSmallAndUseDoublesTheWindow() {
    assertNull(streams.missed(10));
    assertEquals(new Ahead(12, 2), streams.missed(11));
    assertEquals(new Ahead(14, 3), streams.used(12));
    assertNull(streams.used(13));
    assertEquals(new Ahead(17, 6), streams.used(14));
    assertNull(streams.used(15));
    assertNull(streams.used(16));
    assertNull(streams.used(17));
    assertEquals(new Ahead(23, 12), streams.used(18));
  }

  @Test
  void readerThatUsesEveryPageNeverCatchesUpAndIsNeverFurtherBehindThanTheLimit() {
    streams.missed(0);
    Ahead ahead = streams.missed(1);
    long end = ahead.firstPage() + ahead.pages();
    for (long page = 2; page < 10_000; page++) {
      assertTrue(page < end, "page " + page + " was used before it was read");
      ahead = streams.used(page);
      if (ahead != null) {
        assertEquals(end, ahead.firstPage());
        end += ahead.pages();
      }
      assertTrue(end - page <= 17, "at page " + page + " all up to " + end + " were read");
    }
  }

  @Test
  void missInsideTheWindowStartsOverBehindIt() {
    streams.missed(10);
    streams.missed(11);
    assertEquals(new Ahead(14, 4), streams.missed(13));
    assertNull(streams.used(14));
    assertEquals(new Ahead(18, 6), streams.used(15));
  }

  @Test
  void limitOfOnePageReadsOneAtATime() {
    PageStreams single = new PageStreams(1);
    single.missed(10);
    assertEquals(new Ahead(12, 1), single.missed(11));
    assertEquals(new Ahead(13, 1), single.used(12));
    assertEquals(new Ahead(14, 1), single.used(13));
  }

  @Test
  void severalStreamsAreFollowedBesideEachOther() {
    for (int i = 0; i < PageStreams.STREAMS; i++) {
      assertNull(streams.missed(1000L * i));
    }
    for (int i = 0; i < PageStreams.STREAMS; i++) {
      assertEquals(new Ahead(1000L * i + 2, 2), streams.missed(1000L * i + 1));
    }
    for (int i = 0; i < PageStreams.STREAMS; i++) {
      assertEquals(new Ahead(1000L * i + 4, 3), streams.used(1000L * i + 2));
    }
  }

  @Test
  void loneMissesDoNotPushARecognisedStreamOut() {
    SplittableRandom random = new SplittableRandom(1);
    streams.missed(10);
    streams.missed(11);
    for (int i = 0; i < 100; i++) {
      streams.missed(1_000_000 + 10 * random.nextLong(1_000_000));
    }
    assertEquals(new Ahead(14, 3), streams.used(12));
  }

  @Test
  void streamThatIsOverMakesRoom() {
    streams.missed(10);
    streams.missed(11);
    for (int i = 0; i < 1000; i++) {
      streams.missed(1_000_000 + 10L * i);
    }
    assertNull(streams.used(12));
  }

  @Test
  void missesInAnyOrderAreHardlyEverTakenForAStream() {
    SplittableRandom random = new SplittableRandom(1);
    int pages = 0;
    for (int i = 0; i < 100_000; i++) {
      Ahead ahead = streams.missed(random.nextLong(1 << 16));
      pages += ahead == null ? 0 : ahead.pages();
    }
    assertTrue(pages < 1000, pages + " pages read ahead of 100,000 random misses");
  }
}
