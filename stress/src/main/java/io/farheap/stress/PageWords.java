package io.farheap.stress;

import static io.farheap.stress.Tables.PAGES;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.PageWord;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** The page-table word: of two transitions that exclude each other, exactly one happens. */
public final class PageWords {
  private PageWords() {}

  /** State, W and referenced bit of a page, for outcomes. */
  static String stateOf(long page) {
    long word = PAGES.load(page);
    String text = PageWord.describe(word);
    return text.substring(0, text.indexOf('('))
        + (PageWord.writeInFlight(word) ? " W" : "")
        + (PageWord.state(word) == PageWord.LOCAL && PageWord.referenced(word) ? " R" : "");
  }

  /** T3 against T6: a page is taken back or leaves, never both. */
  @JCStressTest
  @Outcome(id = "true, false, LOCAL R", expect = ACCEPTABLE, desc = "rescued")
  @Outcome(id = "false, true, REMOTE", expect = ACCEPTABLE, desc = "left")
  @Outcome(expect = FORBIDDEN, desc = "both or neither")
  @State
  public static class RescueOrLeave {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long leaving = Tables.leavingPage(page, Tables.frame(cell, 0));

    /** A dereference. */
    @Actor
    public void reader(ZZL_Result r) {
      r.r1 = PAGES.rescue(page, leaving);
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZL_Result r) {
      r.r2 = PAGES.leave(page, leaving, true);
    }

    /** How it ended. */
    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = stateOf(page);
    }
  }

  /** T3 against T5, then T6 or T7: a rescue during the write keeps the page, and W ends. */
  @JCStressTest
  @Outcome(id = "true, false, LOCAL R", expect = ACCEPTABLE, desc = "rescued")
  @Outcome(id = "false, true, REMOTE", expect = ACCEPTABLE, desc = "left, or the rescue lost to W")
  @Outcome(expect = FORBIDDEN, desc = "both or neither, or W stays")
  @State
  public static class RescueDuringWrite {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long leaving = Tables.leavingPage(page, Tables.frame(cell, 0));

    /** A dereference. */
    @Actor
    public void reader(ZZL_Result r) {
      long word = PAGES.load(page);
      r.r1 = PageWord.state(word) == PageWord.LEAVING && PAGES.rescue(page, word);
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZL_Result r) {
      long writing = PAGES.startWrite(page, leaving);
      if (writing != 0) {
        r.r2 = PAGES.leave(page, writing, true);
        if (!r.r2) {
          PAGES.endWrite(page);
        }
      }
    }

    /** How it ended. */
    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = stateOf(page);
    }
  }

  /** T9: a page has one fetcher. */
  @JCStressTest
  @Outcome(id = "true, false, FETCHING", expect = ACCEPTABLE, desc = "the first")
  @Outcome(id = "false, true, FETCHING", expect = ACCEPTABLE, desc = "the second")
  @Outcome(expect = FORBIDDEN, desc = "both or neither")
  @State
  public static class TwoFetchers {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long remote = Tables.remotePage(page, Tables.frame(cell, 0), true);

    /** A fetcher. */
    @Actor
    public void first(ZZL_Result r) {
      r.r1 = PAGES.startFetch(page, remote);
    }

    /** Another fetcher. */
    @Actor
    public void second(ZZL_Result r) {
      r.r2 = PAGES.startFetch(page, remote);
    }

    /** How it ended. */
    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = stateOf(page);
    }
  }

  /** T7 against T3: the end of a write changes nothing but W, and undoes no rescue. */
  @JCStressTest
  @Outcome(id = "true, LOCAL R", expect = ACCEPTABLE, desc = "rescued")
  @Outcome(
      id = "false, LEAVING",
      expect = ACCEPTABLE,
      desc = "the rescue lost to W and tries again")
  @Outcome(expect = FORBIDDEN, desc = "a transition was lost")
  @State
  public static class EndWriteAndRescue {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long writing =
        PAGES.startWrite(page, Tables.leavingPage(page, Tables.frame(cell, 0)));

    /** A dereference. */
    @Actor
    public void reader(ZL_Result r) {
      r.r1 = PAGES.rescue(page, writing);
    }

    /** The evictor. */
    @Actor
    public void evictor(ZL_Result r) {
      PAGES.endWrite(page);
    }

    /** How it ended. */
    @Arbiter
    public void end(ZL_Result r) {
      r.r2 = stateOf(page);
    }
  }

  /** The referenced bit against T2: a hit that notes itself late brings no page back. */
  @JCStressTest
  @Outcome(id = "true, LEAVING", expect = ACCEPTABLE, desc = "the mark was late")
  @Outcome(id = "false, LOCAL R", expect = ACCEPTABLE, desc = "the mark saved the page")
  @Outcome(expect = FORBIDDEN, desc = "unmapped and mapped")
  @State
  public static class ReferencedOrUnmapped {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long local = Tables.localPage(page, Tables.frame(cell, 0));

    /** A hit. */
    @Actor
    public void reader(ZL_Result r) {
      PAGES.setReferenced(page, local);
    }

    /** The evictor. */
    @Actor
    public void evictor(ZL_Result r) {
      r.r1 = PAGES.unmap(page, local) != 0;
    }

    /** How it ended. */
    @Arbiter
    public void end(ZL_Result r) {
      r.r2 = stateOf(page);
    }
  }

  /** T3 against T12: a page that was taken back is no immutable source. */
  @JCStressTest
  @Outcome(id = "true, false, LOCAL R", expect = ACCEPTABLE, desc = "rescued")
  @Outcome(id = "false, true, QUIET", expect = ACCEPTABLE, desc = "quiet")
  @Outcome(expect = FORBIDDEN, desc = "both or neither")
  @State
  public static class RescueOrQuiet {
    private final int cell = Tables.nextCell();
    private final long page = Tables.page(cell, 0);
    private final long leaving = Tables.leavingPage(page, Tables.frame(cell, 0));

    /** A dereference. */
    @Actor
    public void reader(ZZL_Result r) {
      r.r1 = PAGES.rescue(page, leaving);
    }

    /** The evacuator. */
    @Actor
    public void evacuator(ZZL_Result r) {
      r.r2 = PAGES.quiet(page, leaving) != 0;
    }

    /** How it ended. */
    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = stateOf(page);
    }
  }
}
