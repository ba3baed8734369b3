package io.farheap.stress;

import static io.farheap.stress.Tables.EPOCHS;
import static io.farheap.stress.Tables.FRAMES;
import static io.farheap.stress.Tables.PAGES;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.PageWord;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * A page goes out while it is used: no write is lost. Outcomes: whether the user wrote 1 over 0,
 * and what the page holds in the end, wherever it is.
 */
public final class PagingOut {
  private PagingOut() {}

  /** A page that holds 0, here and in far memory, and the two sides that want it. */
  static class Page {
    final int cell = Tables.nextCell();
    final long page = Tables.page(cell, 0);
    final int frame = Tables.frame(cell, 0);
    final long local = Tables.localPage(page, frame);

    {
      Tables.setFarBytes(cell, 0);
    }

    /** A dereference in an open scope: true if the page is mapped for as long as that. */
    final boolean dereference() {
      while (true) {
        long word = PAGES.load(page);
        switch (PageWord.state(word)) {
          case PageWord.LOCAL -> {
            return true;
          }
          case PageWord.LEAVING -> PAGES.rescue(page, word);
          default -> {
            return false; // remote: a real one would fetch it
          }
        }
      }
    }

    /** What the evictor does with an unmapped page after grace: first the pins, then dirty. */
    final void afterGrace(long leaving) {
      if (FRAMES.pins(frame) > 0) {
        PAGES.keep(page, leaving);
        return;
      }
      if (!FRAMES.dirty(frame)) {
        PAGES.leave(page, leaving, true);
        return;
      }
      long writing = PAGES.startWrite(page, leaving);
      if (writing != 0) {
        Tables.setFarBytes(cell, Tables.bytes(frame));
        if (!PAGES.leave(page, writing, true)) {
          PAGES.endWrite(page);
        }
      }
    }

    /** What the page holds, wherever it is. */
    final int content() {
      boolean remote = PageWord.state(PAGES.load(page)) == PageWord.REMOTE;
      return (int) (remote ? Tables.farBytes(cell) : Tables.bytes(frame));
    }
  }

  /** A scope writes while the evictor takes the page. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "written, and there")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "too late; it would fetch the page")
  @Outcome(expect = FORBIDDEN, desc = "a lost write")
  @State
  public static class ScopeWrites extends Page {
    private final int slot = Scoped.emptySlot(cell);

    /** A scope that writes. */
    @Actor
    public void writer(ZI_Result r) {
      EPOCHS.enter(slot);
      if (dereference()) {
        FRAMES.markDirty(frame);
        Tables.setBytes(frame, 1);
        r.r1 = true;
      }
      EPOCHS.exit(slot);
    }

    /** The evictor. */
    @Actor
    public void evictor(ZI_Result r) {
      long leaving = PAGES.unmap(page, local);
      if (leaving != 0 && Scoped.gracePassesSoon(slot)) {
        afterGrace(leaving);
      }
    }

    /** What became of it. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = content();
    }
  }

  /** A scope takes a pin and ends; the write comes under the pin. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "written, and there")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "too late; it would fetch the page")
  @Outcome(expect = FORBIDDEN, desc = "a lost write")
  @State
  public static class PinWrites extends Page {
    private final int slot = Scoped.emptySlot(cell);

    /** A thread that writes through a pin. */
    @Actor
    public void writer(ZI_Result r) {
      EPOCHS.enter(slot);
      boolean mapped = dereference();
      if (mapped) {
        FRAMES.pin(frame);
      }
      EPOCHS.exit(slot);
      if (mapped) {
        Tables.setBytes(frame, 1);
        FRAMES.markDirty(frame);
        FRAMES.unpin(frame);
        r.r1 = true;
      }
    }

    /** The evictor. */
    @Actor
    public void evictor(ZI_Result r) {
      long leaving = PAGES.unmap(page, local);
      if (leaving != 0 && Scoped.gracePassesSoon(slot)) {
        afterGrace(leaving);
      }
    }

    /** What became of it. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = content();
    }
  }

  /** A pin taken before the page was unmapped ends while the evictor looks at pins and dirty. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "written, and there")
  @Outcome(expect = FORBIDDEN, desc = "a lost write")
  @State
  public static class PinEnds extends Page {
    private final long leaving;

    {
      FRAMES.pin(frame);
      leaving = PAGES.unmap(page, local);
    }

    /** A thread that writes through a pin. */
    @Actor
    public void writer(ZI_Result r) {
      Tables.setBytes(frame, 1);
      FRAMES.markDirty(frame);
      FRAMES.unpin(frame);
      r.r1 = true;
    }

    /** The evictor. */
    @Actor
    public void evictor(ZI_Result r) {
      afterGrace(leaving);
    }

    /** What became of it. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = content();
    }
  }

  /** A scope takes a page back, and writes, while the evictor writes it out after grace. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "written, and there")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "too late; it would fetch the page")
  @Outcome(expect = FORBIDDEN, desc = "a lost write")
  @State
  public static class RescueWrites extends Page {
    private final long leaving;

    {
      FRAMES.markDirty(frame);
      leaving = PAGES.unmap(page, local);
    }

    /** A scope that writes. */
    @Actor
    public void writer(ZI_Result r) {
      if (dereference()) {
        FRAMES.markDirty(frame);
        Tables.setBytes(frame, 1);
        r.r1 = true;
      }
    }

    /** The evictor. */
    @Actor
    public void evictor(ZI_Result r) {
      afterGrace(leaving);
    }

    /** What became of it. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = content();
    }
  }

  /** A scope takes a page back, and writes, while the page moves to another frame after grace. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "written, and there")
  @Outcome(expect = FORBIDDEN, desc = "a lost write")
  @State
  public static class FrameMoves extends Page {
    private final long leaving = PAGES.unmap(page, local);
    private final int otherFrame = Tables.frame(cell, 1);

    /** A scope that writes. */
    @Actor
    public void writer(ZI_Result r) {
      if (dereference()) {
        int mapped = PageWord.frame(PAGES.load(page));
        FRAMES.markDirty(mapped);
        Tables.setBytes(mapped, 1);
        r.r1 = true;
      }
    }

    /** The run maker. */
    @Actor
    public void mover(ZI_Result r) {
      Tables.setBytes(otherFrame, Tables.bytes(frame));
      FRAMES.assign(otherFrame, page, true);
      FRAMES.copyMarks(frame, otherFrame);
      PAGES.moveFrame(page, leaving, otherFrame);
    }

    /** What became of it. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = (int) Tables.bytes(PageWord.frame(PAGES.load(page)));
    }
  }
}
