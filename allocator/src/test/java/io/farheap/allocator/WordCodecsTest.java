package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The packed words: fields add up, don't overlap, and come back as they were put in. */
class WordCodecsTest {
  private static final int ROUNDS = 100_000;
  private static final long MAX_FAR_ADDRESS = (1L << 48) - 16;
  private static final long MAX_INDEX = (1L << 40) - 1;
  private static final long MAX_PAGE_VERSION = (1L << PageWord.VERSION_BITS) - 1;
  private static final long LAST_PAGE_VERSION = MAX_PAGE_VERSION << PageWord.VERSION_SHIFT;

  private final SplittableRandom random = new SplittableRandom(2);

  /** A number of {@code bits} bits; the extremes come often. */
  private long value(int bits) {
    long largest = -1L >>> (64 - bits);
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> largest;
      default -> random.nextLong() & largest;
    };
  }

  /** A word with another bit changed than those that are set in {@code ignored}. */
  private long withOneBitChanged(long word, long ignored) {
    long bit = 1L << random.nextInt(Long.SIZE);
    return (bit & ignored) == 0 ? word ^ bit : withOneBitChanged(word, ignored);
  }

  /** No bit belongs to two fields, and the fields leave out only the bits of {@code spare}. */
  private static void assertFields(long spare, long... fields) {
    long all = spare;
    for (long field : fields) {
      assertEquals(0, all & field, () -> "two fields share " + Long.toHexString(field));
      all |= field;
    }
    assertEquals(-1L, all, () -> Long.toHexString(all(fields)) + " is not the whole word");
  }

  private static long all(long... fields) {
    long all = 0;
    for (long field : fields) {
      all |= field;
    }
    return all;
  }

  @Test
  void theFieldsOfEachWordAddUpTo64BitsAndDoNotOverlap() {
    long states = PageWord.next(LAST_PAGE_VERSION, 7, false, 0);
    assertEquals(7, PageWord.state(states));
    assertFields(
        0,
        states,
        PageWord.withReferenced(0),
        PageWord.withWrite(0),
        PageWord.next(LAST_PAGE_VERSION, 0, true, 0),
        PageWord.next(LAST_PAGE_VERSION, 0, false, PageWord.MAX_FRAMES - 1),
        LAST_PAGE_VERSION);

    long placeVersions = 0;
    for (int version = 1; version < 1 << 18; version++) {
      placeVersions = PlaceWord.next(placeVersions, 0, false);
    }
    long places = PlaceWord.next(placeVersions, MAX_FAR_ADDRESS, false);
    assertEquals(0, PlaceWord.next(placeVersions, 0, false), "the version wraps");
    assertEquals(1, Long.bitCount(~all(places, placeVersions, PlaceWord.withAccess(0))));
    long spare = ~all(places, placeVersions, PlaceWord.withAccess(0));
    assertFields(spare, places, placeVersions, PlaceWord.withAccess(0));

    assertFields(
        0,
        OwnerWord.live(OwnerWord.MAX_GENERATION, 0, 0),
        OwnerWord.live(0, OwnerWord.MAX_OWNERS, 0),
        OwnerWord.live(0, 0, OwnerWord.MAX_SIZE));
    assertFields(0, OwnerWord.free(OwnerWord.MAX_GENERATION, 0), OwnerWord.free(0, MAX_INDEX));
    assertFields(0, Handle.of(MAX_INDEX, 0), Handle.of(0, OwnerWord.MAX_GENERATION));
    assertTrue(OwnerWord.MAX_SIZE >= 1 << 20, "an object of 1 MiB must fit");
  }

  @Test
  void aPageWordKeepsItsFields() {
    for (int round = 0; round < ROUNDS; round++) {
      long previous = random.nextLong();
      int state = random.nextInt(PageWord.BODY + 1);
      boolean local = state == PageWord.LOCAL;
      boolean paging = random.nextBoolean();
      int frame = (int) value(28);
      long word = PageWord.next(previous, state, paging, frame);
      boolean write = PageWord.writeInFlight(previous);
      long version = (PageWord.version(previous) + 1) & MAX_PAGE_VERSION;
      assertEquals(local, PageWord.isHit(word), "a LOCAL page starts referenced");
      assertPageWord(word, state, write, paging, frame, version);
      assertPageWord(PageWord.withWrite(word), state, true, paging, frame, version);
      assertPageWord(PageWord.withoutWrite(word), state, false, paging, frame, version);
      long unreferenced = PageWord.withoutReferenced(word);
      assertPageWord(unreferenced, state, write, paging, frame, version);
      assertFalse(PageWord.isHit(unreferenced));
      assertFalse(PageWord.referenced(unreferenced));
      if (local) {
        assertPageWord(PageWord.withReferenced(word), state, write, paging, frame, version);
        assertTrue(PageWord.isHit(PageWord.withReferenced(unreferenced)));
        assertTrue(PageWord.referenced(PageWord.withReferenced(unreferenced)));
      }
      assertTrue(PageWord.same(word, unreferenced));
      assertFalse(PageWord.same(word, withOneBitChanged(word, PageWord.withReferenced(0))));
    }
  }

  private static void assertPageWord(
      long word, int state, boolean write, boolean paging, int frame, long version) {
    String text = PageWord.describe(word);
    assertEquals(state, PageWord.state(word), text);
    assertEquals(write, PageWord.writeInFlight(word), text);
    assertEquals(paging, PageWord.paging(word), text);
    assertEquals(frame, PageWord.frame(word), text);
    assertEquals(frame * 4096L, PageWord.frameOffset(word), text);
    assertEquals(version, PageWord.version(word), text);
  }

  @Test
  void aVersionThatWrapsLeavesThePagesOtherFieldsAlone() {
    assertEquals(MAX_PAGE_VERSION, PageWord.version(LAST_PAGE_VERSION));
    assertEquals(0, PageWord.next(LAST_PAGE_VERSION, PageWord.FREE, false, 0));
  }

  @Test
  void aPlaceWordKeepsItsFields() {
    for (int round = 0; round < ROUNDS; round++) {
      long previous = random.nextLong();
      long farAddress = value(44) << 4;
      boolean access = random.nextBoolean();
      long word = PlaceWord.next(previous, farAddress, access);
      assertEquals(farAddress, PlaceWord.farAddress(word));
      assertEquals(farAddress / 4096, PlaceWord.page(word));
      assertEquals(farAddress % 4096, PlaceWord.offsetInPage(word));
      assertEquals(farAddress == 0, PlaceWord.isNull(word));
      assertEquals(access, PlaceWord.accessed(word));
      assertEquals((PlaceWord.version(previous) + 1) % (1 << 18), PlaceWord.version(word));

      long set = PlaceWord.withAccess(word);
      long clear = PlaceWord.withoutAccess(word);
      assertTrue(PlaceWord.accessed(set));
      assertFalse(PlaceWord.accessed(clear));
      assertTrue(PlaceWord.same(set, clear));
      assertFalse(PlaceWord.same(word, withOneBitChanged(word, PlaceWord.withAccess(0))));
      assertEquals(farAddress, PlaceWord.farAddress(set));
      assertEquals(PlaceWord.version(word), PlaceWord.version(set));
    }
    assertEquals(MAX_FAR_ADDRESS, PlaceWord.farAddress(PlaceWord.next(-1L, MAX_FAR_ADDRESS, true)));
  }

  @Test
  void placesThatDifferInAddressOrVersionDifferWithoutTheAccessBit() {
    for (int round = 0; round < ROUNDS; round++) {
      long word = random.nextLong();
      long farAddress = PlaceWord.farAddress(word);
      long sameAddress = PlaceWord.next(word, farAddress, random.nextBoolean());
      long elsewhere = PlaceWord.next(word, farAddress ^ 16, random.nextBoolean());
      assertFalse(PlaceWord.same(word, sameAddress));
      assertFalse(PlaceWord.same(sameAddress, elsewhere));
      assertEquals(PlaceWord.version(sameAddress), PlaceWord.version(elsewhere));
    }
  }

  @Test
  void anOwnerWordKeepsItsFields() {
    for (int round = 0; round < ROUNDS; round++) {
      long generation = value(24);
      int owners = (int) value(19);
      int size = (int) value(21);
      long word = OwnerWord.live(generation, owners, size);
      assertOwnerWord(word, generation, owners, size);
      if (owners < OwnerWord.MAX_OWNERS) {
        assertOwnerWord(OwnerWord.withOwnerAdded(word), generation, owners + 1, size);
      }
      if (owners > 0) {
        assertOwnerWord(OwnerWord.withOwnerRemoved(word), generation, owners - 1, size);
      }
      long next = value(40);
      long free = OwnerWord.free(generation, next);
      assertEquals(generation, OwnerWord.generation(free));
      assertEquals(next, OwnerWord.nextFree(free));
    }
    assertEquals(
        -1L, OwnerWord.live(OwnerWord.MAX_GENERATION, OwnerWord.MAX_OWNERS, OwnerWord.MAX_SIZE));
  }

  private static void assertOwnerWord(long word, long generation, int owners, int size) {
    assertEquals(generation, OwnerWord.generation(word));
    assertEquals(owners, OwnerWord.owners(word));
    assertEquals(size, OwnerWord.size(word));
  }

  @Test
  void aHandleKeepsItsFields() {
    for (int round = 0; round < ROUNDS; round++) {
      long index = value(40);
      long generation = value(24);
      long handle = Handle.of(index, generation);
      assertEquals(index, Handle.index(handle));
      assertEquals(generation, Handle.generation(handle));
      assertEquals(index == 0 && generation == 0, handle == Handle.NULL);
      assertEquals(index * RecordTable.RECORD_BYTES, Handle.recordOffset(handle));
      long ownerWord = OwnerWord.live(generation, (int) value(19), (int) value(21));
      assertTrue(Handle.sameGeneration(handle, ownerWord));
      long other = OwnerWord.live(generation ^ (1L << random.nextInt(24)), 1, 8);
      assertFalse(Handle.sameGeneration(handle, other));
    }
    assertEquals(-1L, Handle.of(MAX_INDEX, OwnerWord.MAX_GENERATION));
  }

  @Test
  void anObjectHeaderKeepsItsFields() {
    try (Arena arena = Arena.ofConfined()) {
      long rawAddress = arena.allocate(ObjectHeader.BYTES, ObjectHeader.ALIGNMENT).address();
      for (int round = 0; round < ROUNDS; round++) {
        long index = value(40);
        int bodyBytes = (int) value(21);
        ObjectHeader.write(rawAddress, index, bodyBytes);
        long header = ObjectHeader.load(rawAddress);
        assertEquals(index, ObjectHeader.recordIndex(header));
        assertEquals(bodyBytes, ObjectHeader.bodyBytes(header));
      }
    }
  }

  @Test
  void aFootprintIsTheLeastAlignedRoomForHeaderAndBody() {
    for (int bodyBytes = 0; bodyBytes <= 3 * PageWord.PAGE_BYTES; bodyBytes++) {
      int footprint = ObjectHeader.footprint(bodyBytes);
      int slack = footprint - bodyBytes - ObjectHeader.BYTES;
      assertEquals(0, footprint % 16, "body of " + bodyBytes);
      assertTrue(slack >= 0 && slack < 16, "body of " + bodyBytes);
      int room = ObjectHeader.runPages(bodyBytes) * 4096 - bodyBytes - ObjectHeader.BYTES;
      assertTrue(room >= 0 && room < 4096, "body of " + bodyBytes);
    }
    assertEquals(PageWord.PAGE_BYTES, ObjectHeader.footprint(ObjectHeader.MAX_SMALL_BODY));
    assertEquals(257, ObjectHeader.runPages(1 << 20));
  }
}
