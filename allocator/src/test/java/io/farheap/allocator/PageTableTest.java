package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transitions of a page-table word: the legal ones arrive, every other one is refused. */
class PageTableTest {
  private static final long PAGE = 3;
  private static final int FRAME = 77;

  private final PageTable table = new PageTable(64);

  @AfterEach
  void giveBack() {
    table.decommit();
  }

  /** Kinds of word that a page can have, as far as the transitions tell them apart. */
  private enum Kind {
    FREE,
    LOCAL,
    LOCAL_WRITING,
    LEAVING,
    LEAVING_WRITING,
    QUIET,
    REMOTE_PAGING,
    REMOTE_OBJECT,
    FETCHING,
    BODY
  }

  /** A transition, given the page's word. */
  private interface Change {
    void apply(PageTable table, long word);
  }

  private record Rule(String name, Set<Kind> from, Change change) {}

  private static final Set<Kind> LOCAL_ANY = EnumSet.of(Kind.LOCAL, Kind.LOCAL_WRITING);
  private static final Set<Kind> LEAVING_ANY = EnumSet.of(Kind.LEAVING, Kind.LEAVING_WRITING);

  /** Which kinds each method accepts. A kind that a rule leaves open is not listed as refused. */
  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    rules.add(new Rule("T1", EnumSet.of(Kind.FREE), (t, w) -> t.allocate(PAGE, FRAME)));
    rules.add(new Rule("T1 body", EnumSet.of(Kind.FREE), (t, w) -> t.allocateBody(PAGE, 1)));
    rules.add(new Rule("reference", LOCAL_ANY, (t, w) -> t.setReferenced(PAGE, w)));
    rules.add(new Rule("clear reference", LOCAL_ANY, (t, w) -> t.clearReferenced(PAGE, w)));
    rules.add(new Rule("T2", EnumSet.of(Kind.LOCAL), (t, w) -> t.unmap(PAGE, w)));
    rules.add(new Rule("T3", LEAVING_ANY, (t, w) -> t.rescue(PAGE, w)));
    rules.add(new Rule("T4", LEAVING_ANY, (t, w) -> t.keep(PAGE, w)));
    rules.add(new Rule("T5", LEAVING_ANY, (t, w) -> t.startWrite(PAGE, w)));
    rules.add(new Rule("T6", LEAVING_ANY, (t, w) -> t.leave(PAGE, w, true)));
    rules.add(
        new Rule(
            "T7",
            EnumSet.of(Kind.LOCAL_WRITING, Kind.LEAVING_WRITING),
            (t, w) -> t.endWrite(PAGE)));
    rules.add(new Rule("T8", LEAVING_ANY, (t, w) -> t.keepAfterFailedWrite(PAGE, w)));
    rules.add(new Rule("T9", EnumSet.of(Kind.REMOTE_PAGING), (t, w) -> t.startFetch(PAGE, w)));
    rules.add(new Rule("T10", EnumSet.of(Kind.FETCHING), (t, w) -> t.endFetch(PAGE, FRAME, true)));
    rules.add(new Rule("T11", EnumSet.of(Kind.FETCHING), (t, w) -> t.giveUpFetch(PAGE)));
    rules.add(new Rule("T12", EnumSet.of(Kind.LEAVING), (t, w) -> t.quiet(PAGE, w)));
    rules.add(new Rule("T13", EnumSet.of(Kind.LEAVING), (t, w) -> t.moveFrame(PAGE, w, FRAME + 1)));
    rules.add(
        new Rule(
            "T14",
            EnumSet.of(
                Kind.LOCAL, Kind.LEAVING, Kind.QUIET, Kind.REMOTE_PAGING, Kind.REMOTE_OBJECT),
            (t, w) -> t.recycle(PAGE, w)));
    rules.add(new Rule("T14 body", EnumSet.of(Kind.BODY), (t, w) -> t.recycleBody(PAGE)));
    return rules;
  }

  /** Brings a page of a new table to the kind of word. */
  private static long reach(PageTable table, Kind kind) {
    switch (kind) {
      case FREE -> {}
      case BODY -> table.allocateBody(PAGE, 2);
      case LOCAL -> table.allocate(PAGE, FRAME);
      case LEAVING -> table.unmap(PAGE, reach(table, Kind.LOCAL));
      case LEAVING_WRITING -> table.startWrite(PAGE, reach(table, Kind.LEAVING));
      case LOCAL_WRITING -> table.rescue(PAGE, reach(table, Kind.LEAVING_WRITING));
      case QUIET -> table.quiet(PAGE, reach(table, Kind.LEAVING));
      case REMOTE_PAGING -> table.leave(PAGE, reach(table, Kind.LEAVING_WRITING), true);
      case REMOTE_OBJECT -> table.leave(PAGE, reach(table, Kind.LEAVING), false);
      case FETCHING -> table.startFetch(PAGE, reach(table, Kind.REMOTE_PAGING));
    }
    return table.load(PAGE);
  }

  @Test
  void everyTransitionThatTheDiagramLacksIsRefused() {
    for (Rule rule : rules()) {
      for (Kind kind : Kind.values()) {
        PageTable fresh = new PageTable(64);
        long word = reach(fresh, kind);
        String where = rule.name() + " from " + kind;
        if (rule.from().contains(kind)) {
          rule.change().apply(fresh, word);
        } else {
          assertThrows(IllegalStateException.class, () -> rule.change().apply(fresh, word), where);
          assertEquals(word, fresh.load(PAGE), where);
        }
        fresh.decommit();
      }
    }
  }

  @Test
  void theVersionRisesWithEveryTransitionButReferencesAndWriteMarks() {
    Set<String> silent = Set.of("reference", "clear reference", "T5", "T7");
    for (Rule rule : rules()) {
      for (Kind kind : rule.from()) {
        PageTable fresh = new PageTable(64);
        long word = reach(fresh, kind);
        rule.change().apply(fresh, word);
        long expected = PageWord.version(word) + (silent.contains(rule.name()) ? 0 : 1);
        assertEquals(expected, PageWord.version(fresh.load(PAGE)), rule.name() + " from " + kind);
        fresh.decommit();
      }
    }
  }

  @Test
  void whoeverDecidedOnAnOldWordLoses() {
    long local = reach(table, Kind.LOCAL);
    long leaving = table.unmap(PAGE, local);
    assertEquals(0, table.unmap(PAGE, local));
    assertTrue(table.rescue(PAGE, leaving));
    // The page is LOCAL again and in the same frame, yet none of these may succeed.
    assertFalse(table.rescue(PAGE, leaving));
    assertFalse(table.keep(PAGE, leaving));
    assertEquals(0, table.startWrite(PAGE, leaving));
    assertFalse(table.leave(PAGE, leaving, true));
    assertFalse(table.keepAfterFailedWrite(PAGE, leaving));
    assertEquals(0, table.quiet(PAGE, leaving));
    assertFalse(table.moveFrame(PAGE, leaving, 5));
    assertFalse(table.recycle(PAGE, local));
    assertFalse(table.recycle(PAGE, leaving));
    assertEquals(PageWord.LOCAL, PageWord.state(table.load(PAGE)));
    assertEquals(FRAME, PageWord.frame(table.load(PAGE)));
  }

  @Test
  void aRescueKeepsTheWriteMarkUntilTheWriteEnds() {
    long local = reach(table, Kind.LOCAL_WRITING);
    assertEquals(PageWord.LOCAL, PageWord.state(local));
    assertTrue(PageWord.writeInFlight(local));
    assertTrue(PageWord.referenced(local));
    assertThrows(IllegalStateException.class, () -> table.unmap(PAGE, local));
    table.endWrite(PAGE);
    assertFalse(PageWord.writeInFlight(table.load(PAGE)));
    assertNotEquals(0, table.unmap(PAGE, table.load(PAGE)));
  }

  @Test
  void aPageGoesOutAndComesBackInAnotherFrame() {
    long remote = reach(table, Kind.REMOTE_PAGING);
    assertTrue(PageWord.paging(remote));
    assertFalse(PageWord.writeInFlight(remote));
    assertEquals(0, PageWord.frame(remote));
    assertTrue(table.startFetch(PAGE, remote));
    assertFalse(table.startFetch(PAGE, remote), "a second fetcher");
    table.giveUpFetch(PAGE);
    assertTrue(PageWord.paging(table.load(PAGE)));
    assertTrue(table.startFetch(PAGE, table.load(PAGE)));
    table.endFetch(PAGE, 5, true);
    assertTrue(PageWord.isHit(table.load(PAGE)));
    assertEquals(5, PageWord.frame(table.load(PAGE)));
  }

  @Test
  void aPageThatNobodyAskedForIsLocalAndNoHitUntilOneThreadReferencesIt() {
    reach(table, Kind.FETCHING);
    table.endFetch(PAGE, 5, false);
    long word = table.load(PAGE);
    assertEquals(PageWord.LOCAL, PageWord.state(word));
    assertEquals(5, PageWord.frame(word));
    assertFalse(PageWord.isHit(word));
    assertTrue(table.setReferenced(PAGE, word));
    assertFalse(table.setReferenced(PAGE, word), "a second one");
    assertTrue(PageWord.isHit(table.load(PAGE)));
  }

  @Test
  void aMovedFrameIsMappedAndARecycledPageIsFree() {
    long leaving = reach(table, Kind.LEAVING);
    assertTrue(table.moveFrame(PAGE, leaving, 5));
    long moved = table.load(PAGE);
    assertEquals(PageWord.LOCAL, PageWord.state(moved));
    assertEquals(5, PageWord.frame(moved));
    assertTrue(table.recycle(PAGE, moved));
    assertEquals(PageWord.FREE, PageWord.state(table.load(PAGE)));
    assertThrows(IllegalStateException.class, () -> table.recycle(PAGE, table.load(PAGE)));
    assertEquals(0, table.load(PAGE - 1), "a neighbour");
    assertEquals(0, table.load(PAGE + 1), "a neighbour");
  }

  @Test
  void aBodyKeepsItsDistanceToTheHead() {
    long body = reach(table, Kind.BODY);
    assertEquals(PageWord.BODY, PageWord.state(body));
    assertEquals(2, PageWord.frame(body));
    table.recycleBody(PAGE);
    assertEquals(PageWord.FREE, PageWord.state(table.load(PAGE)));
  }
}
