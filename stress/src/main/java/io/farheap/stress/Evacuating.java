package io.farheap.stress;

import static io.farheap.stress.Tables.EPOCHS;
import static io.farheap.stress.Tables.FOOTPRINT;
import static io.farheap.stress.Tables.FRAMES;
import static io.farheap.stress.Tables.PAGES;
import static io.farheap.stress.Tables.RECORDS;
import static io.farheap.stress.Tables.SEGMENTS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The object of page 1 is moved to page 2 by the evacuator's list while others use it: it is read
 * whole, no write is lost, it lives in one place, and its bytes are counted there alone.
 */
public final class Evacuating {
  private static final int HELPERS_PAGE = 3;
  private static final int OTHERS_BYTES = 9;

  private Evacuating() {}

  /** An object that holds 0 on a local page, and an open page for each who may move it. */
  static class LocalObject extends Records.LiveRecord {
    final long page = Tables.page(cell, 1);
    final int frame = Tables.frame(cell, 1);
    final long local = Tables.localPage(page, frame);

    {
      for (int n = 2; n <= HELPERS_PAGE; n++) {
        Tables.localPage(Tables.page(cell, n), Tables.frame(cell, n));
        Tables.setLive(Tables.page(cell, n), 0);
      }
      Tables.setLive(page, FOOTPRINT);
    }

    /** Copies the object off its immutable page to a numbered page, and installs the copy. */
    final boolean copyTo(int number, long place) {
      long target = Tables.page(cell, number);
      SEGMENTS.addLive(target, FOOTPRINT);
      Tables.setBytes(Tables.frame(cell, number), Tables.bytes(frame));
      boolean installed = RECORDS.relocate(index, place, place(number), number == HELPERS_PAGE);
      SEGMENTS.removeLive(installed ? page : target, FOOTPRINT);
      return installed;
    }

    /** What the evacuator does with an unmapped page after grace. */
    final void afterGrace(long leaving) {
      if (FRAMES.pins(frame) > 0) {
        PAGES.keep(page, leaving);
        return;
      }
      if (PAGES.quiet(page, leaving) != 0) {
        long place = RECORDS.loadPlace(index);
        if (number(place) == 1) {
          copyTo(2, place);
        }
      }
    }

    /** All of it, if grace passes. */
    final void evacuate(int slot) {
      long leaving = PAGES.unmap(page, local);
      if (leaving != 0 && Scoped.gracePassesSoon(slot)) {
        afterGrace(leaving);
      }
    }

    /** A dereference in an open scope: the frame that the object is in, wherever it is by then. */
    final int dereference() {
      while (true) {
        long place = RECORDS.loadPlace(index);
        long at = PlaceWord.page(place);
        long word = PAGES.load(at);
        switch (PageWord.state(word)) {
          case PageWord.LOCAL -> {
            return PageWord.frame(word);
          }
          case PageWord.LEAVING -> PAGES.rescue(at, word);
          case PageWord.QUIET -> copyTo(HELPERS_PAGE, place);
          case PageWord.FREE -> Thread.onSpinWait(); // its record says where to
          default -> throw new IllegalStateException(PageWord.describe(word));
        }
      }
    }

    /** What the object holds now. */
    final int content() {
      int number = where();
      return (int) Tables.bytes(Tables.frame(cell, number));
    }

    /** Live bytes of all of its pages. */
    final int live() {
      int sum = 0;
      for (int n = 1; n <= HELPERS_PAGE; n++) {
        sum += SEGMENTS.pageLiveBytes(Tables.page(cell, n));
      }
      return sum;
    }

    /** Live bytes where the object is. */
    final int liveWhereItIs() {
      return where() == 0 ? 0 : SEGMENTS.pageLiveBytes(Tables.page(cell, where()));
    }

    /** The last owner's free. */
    final void free() {
      if (RECORDS.removeOwner(handle) == 0) {
        long farAddress = RECORDS.unpublish(index);
        SEGMENTS.removeLive(FarAddress.page(farAddress), FOOTPRINT);
      }
    }
  }

  /** A scope writes. */
  @JCStressTest
  @Outcome(id = "1, 64, 64", expect = ACCEPTABLE, desc = "written where it lives")
  @Outcome(expect = FORBIDDEN, desc = "a lost write, or counted wrong")
  @State
  public static class ScopeWrites extends LocalObject {
    private final int slot = Scoped.emptySlot(cell);

    /** A scope that writes; it rescues the page or helps. */
    @Actor
    public void writer() {
      EPOCHS.enter(slot);
      int mapped = dereference();
      FRAMES.markDirty(mapped);
      Tables.setBytes(mapped, 1);
      EPOCHS.exit(slot);
    }

    /** The evacuator. */
    @Actor
    public void evacuator() {
      evacuate(slot);
    }

    /** What the object holds, and live bytes. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = content();
      r.r2 = live();
      r.r3 = liveWhereItIs();
    }
  }

  /** A scope reads twice from the place that it found; the frame is others' once it left. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "its own bytes, twice")
  @Outcome(expect = FORBIDDEN, desc = "bytes of the frame's next page")
  @State
  public static class ScopeReads extends LocalObject {
    private final int slot = Scoped.emptySlot(cell);

    /** A scope that reads. */
    @Actor
    public void reader(II_Result r) {
      EPOCHS.enter(slot);
      int mapped = dereference();
      r.r1 = (int) Tables.bytes(mapped);
      r.r2 = (int) Tables.bytes(mapped);
      EPOCHS.exit(slot);
    }

    /** The evacuator, up to the reuse of the frame. */
    @Actor
    public void evacuator() {
      evacuate(slot);
      long word = PAGES.load(page);
      if (PageWord.state(word) == PageWord.QUIET
          && SEGMENTS.pageLive(page) == 0
          && Scoped.gracePassesSoon(slot)
          && FRAMES.pins(frame) == 0
          && PAGES.recycle(page, word)) {
        Tables.setBytes(frame, OTHERS_BYTES);
      }
    }
  }

  /** A read without a scope: it is right, or it knows that it has to be repeated. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "its own bytes")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "to be repeated")
  @Outcome(expect = FORBIDDEN, desc = "bytes of the frame's next page")
  @State
  public static class OptimisticReads extends LocalObject {
    private final int slot = Scoped.emptySlot(cell);

    /** A read without a scope. */
    @Actor
    public void reader(I_Result r) {
      long place = RECORDS.loadPlace(index);
      long at = PlaceWord.page(place);
      long word = PAGES.load(at);
      if (PageWord.state(word) != PageWord.LOCAL) {
        r.r1 = -1;
        return;
      }
      int found = (int) Tables.bytes(PageWord.frame(word));
      VarHandle.loadLoadFence();
      boolean same =
          PageWord.same(PAGES.load(at), word) && PlaceWord.same(RECORDS.loadPlace(index), place);
      r.r1 = same ? found : -1;
    }

    /** The evacuator, up to the reuse of the frame. */
    @Actor
    public void evacuator() {
      evacuate(slot);
      long word = PAGES.load(page);
      if (PageWord.state(word) == PageWord.QUIET
          && SEGMENTS.pageLive(page) == 0
          && PAGES.recycle(page, word)) {
        Tables.setBytes(frame, OTHERS_BYTES);
      }
    }
  }

  /** A pin taken in a scope, written through when the scope has ended. */
  @JCStressTest
  @Outcome(id = "1, 64, 64", expect = ACCEPTABLE, desc = "written where it lives")
  @Outcome(expect = FORBIDDEN, desc = "a lost write, or counted wrong")
  @State
  public static class PinWrites extends LocalObject {
    private final int slot = Scoped.emptySlot(cell);

    /** A thread that writes through a pin. */
    @Actor
    public void writer() {
      EPOCHS.enter(slot);
      int mapped = dereference();
      FRAMES.pin(mapped);
      EPOCHS.exit(slot);
      Tables.setBytes(mapped, 1);
      FRAMES.markDirty(mapped);
      FRAMES.unpin(mapped);
    }

    /** The evacuator. */
    @Actor
    public void evacuator() {
      evacuate(slot);
    }

    /** What the object holds, and live bytes. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = content();
      r.r2 = live();
      r.r3 = liveWhereItIs();
    }
  }

  /** The last owner frees it. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "dead and counted nowhere")
  @Outcome(expect = FORBIDDEN, desc = "brought back, or counted wrong")
  @State
  public static class Freed extends LocalObject {
    private final long leaving = PAGES.unmap(page, local);

    /** The last owner. */
    @Actor
    public void owner() {
      free();
    }

    /** The evacuator, after grace. */
    @Actor
    public void evacuator() {
      afterGrace(leaving);
    }

    /** Where it is, and live bytes. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = where();
      r.r2 = live();
    }
  }

  /** A new owner comes: that is the other word of the record, and neither loses. */
  @JCStressTest
  @Outcome(id = "2, 2, 64", expect = ACCEPTABLE, desc = "shared and moved")
  @Outcome(expect = FORBIDDEN, desc = "one got in the way of the other")
  @State
  public static class Shared extends LocalObject {
    private final long leaving = PAGES.unmap(page, local);

    /** A new owner. */
    @Actor
    public void owner(III_Result r) {
      r.r1 = RECORDS.addOwner(handle);
    }

    /** The evacuator, after grace. */
    @Actor
    public void evacuator() {
      afterGrace(leaving);
    }

    /** Where it is, and live bytes there. */
    @Arbiter
    public void end(III_Result r) {
      r.r2 = where();
      r.r3 = liveWhereItIs();
    }
  }

  /** A thread takes the page back while it is made a source of copies: one of them wins. */
  @JCStressTest
  @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "taken back in time, and stays")
  @Outcome(id = "false, 2, 1", expect = ACCEPTABLE, desc = "too late; it would help")
  @Outcome(expect = FORBIDDEN, desc = "written to a source of copies")
  @State
  public static class Rescued extends LocalObject {
    private final long leaving = PAGES.unmap(page, local);

    /** A scope that writes if it got the page back, and otherwise waits for the copy. */
    @Actor
    public void writer(ZII_Result r) {
      long word = PAGES.load(page);
      if (PageWord.state(word) == PageWord.LEAVING && PAGES.rescue(page, word)) {
        r.r1 = true;
        Tables.setBytes(frame, 1);
      }
    }

    /** The evacuator, after grace. */
    @Actor
    public void evacuator() {
      afterGrace(leaving);
    }

    /** Where it is, and whether that follows from what the writer did. */
    @Arbiter
    public void end(ZII_Result r) {
      r.r2 = where();
      r.r3 = content() == (r.r1 ? 1 : 0) ? 1 : 0;
    }
  }

  /** The evictor unmaps the same page, or is just writing it out: one of them gets it. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "out in far memory, not moved")
  @Outcome(id = "false, 2", expect = ACCEPTABLE, desc = "moved, not out")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class PagedOut extends LocalObject {
    /** The evictor, with nobody else in sight. */
    @Actor
    public void evictor(ZI_Result r) {
      long leaving = PAGES.unmap(page, local);
      if (leaving != 0) {
        long writing = PAGES.startWrite(page, leaving);
        Tables.setFarBytes(cell, Tables.bytes(frame));
        r.r1 = writing != 0 && PAGES.leave(page, writing, false);
      }
    }

    /** The evacuator, with nobody else in sight. */
    @Actor
    public void evacuator() {
      long leaving = PAGES.unmap(page, local);
      if (leaving != 0) {
        afterGrace(leaving);
      }
    }

    /** Where the object is. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = where();
    }
  }

  /** A page that waits for grace with a write in flight is nobody's source. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "out in far memory")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "rescued, and kept by the evacuator's look")
  @Outcome(id = "false, 2", expect = ACCEPTABLE, desc = "rescued, written, then moved")
  @Outcome(expect = FORBIDDEN, desc = "out and moved")
  @State
  public static class WriteInFlight extends LocalObject {
    private final long writing;

    {
      FRAMES.markDirty(frame);
      writing = PAGES.startWrite(page, PAGES.unmap(page, local));
    }

    /** The evictor, whose write ends. */
    @Actor
    public void evictor(ZI_Result r) {
      Tables.setFarBytes(cell, Tables.bytes(frame));
      r.r1 = PAGES.leave(page, writing, false);
      if (!r.r1) {
        PAGES.endWrite(page);
      }
    }

    /** A thread that takes the page back, and the evacuator that finds it local. */
    @Actor
    public void evacuator() {
      long word = PAGES.load(page);
      if (PageWord.state(word) == PageWord.LEAVING) {
        PAGES.rescue(page, word);
      }
      word = PAGES.load(page);
      if (PageWord.state(word) == PageWord.LOCAL && !PageWord.writeInFlight(word)) {
        long leaving = PAGES.unmap(page, word);
        if (leaving != 0) {
          afterGrace(leaving);
        }
      }
    }

    /** Where the object is. */
    @Arbiter
    public void end(ZI_Result r) {
      r.r2 = where();
    }
  }

  /** A thread that needs the object helps, and writes to its copy. */
  @JCStressTest
  @Outcome(id = "2, 1, 64", expect = ACCEPTABLE, desc = "the evacuator's copy, written there")
  @Outcome(id = "3, 1, 64", expect = ACCEPTABLE, desc = "the helper's copy")
  @Outcome(expect = FORBIDDEN, desc = "a lost write, or counted wrong")
  @State
  public static class Helped extends LocalObject {
    private final long quiet = PAGES.quiet(page, PAGES.unmap(page, local));

    /** A thread that writes to the object. */
    @Actor
    public void helper() {
      Tables.setBytes(dereference(), 1);
    }

    /** The evacuator, whose page is a source of copies already. */
    @Actor
    public void evacuator() {
      long place = RECORDS.loadPlace(index);
      if (quiet != 0 && number(place) == 1) {
        copyTo(2, place);
      }
    }

    /** Where it is, what it holds, and live bytes. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = where();
      r.r2 = content();
      r.r3 = live();
    }
  }

  /** A thread moves the object on from the copy while the evacuator still installs its own. */
  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the evacuator's copy")
  @Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "moved on; the evacuator lost")
  @Outcome(expect = FORBIDDEN, desc = "an old place came back, or old bytes count")
  @State
  public static class MovedOn extends LocalObject {
    private static final int SECOND_PAGE = 4;

    {
      PAGES.quiet(page, PAGES.unmap(page, local));
      Tables.setLive(Tables.page(cell, SECOND_PAGE), 0);
    }

    /** A helping thread, whose copy is moved again at once. */
    @Actor
    public void helper() {
      if (copyTo(HELPERS_PAGE, seen)) {
        long second = Tables.page(cell, SECOND_PAGE);
        SEGMENTS.addLive(second, FOOTPRINT);
        RECORDS.relocate(index, RECORDS.loadPlace(index), place(SECOND_PAGE), false);
        SEGMENTS.removeLive(Tables.page(cell, HELPERS_PAGE), FOOTPRINT);
      }
    }

    /** The evacuator. */
    @Actor
    public void evacuator() {
      copyTo(2, seen);
    }

    /** Where it is, and what still counts where it was. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = where();
      r.r2 = SEGMENTS.pageLiveBytes(page) + SEGMENTS.pageLiveBytes(Tables.page(cell, HELPERS_PAGE));
    }
  }

  /** A remote page: the evacuator moves the object off its own copy while a thread fetches it. */
  @JCStressTest
  @Outcome(id = "2, 0, 64", expect = ACCEPTABLE, desc = "the evacuator")
  @Outcome(id = "3, 1, 64", expect = ACCEPTABLE, desc = "the fetch, and what it wrote")
  @Outcome(expect = FORBIDDEN, desc = "two winners or none, a lost write, or counted wrong")
  @State
  public static class Fetched extends LocalObject {
    private final int staging = Tables.frame(cell, 0);

    {
      PAGES.leave(page, PAGES.unmap(page, local), false);
      Tables.setBytes(staging, 0);
      Tables.setFarBytes(cell, 0);
    }

    /** An object fetch, and a write to what it brought. */
    @Actor
    public void fetcher() {
      long target = Tables.page(cell, HELPERS_PAGE);
      int to = Tables.frame(cell, HELPERS_PAGE);
      SEGMENTS.addLive(target, FOOTPRINT);
      Tables.setBytes(to, Tables.farBytes(cell));
      boolean installed = RECORDS.relocate(index, seen, place(HELPERS_PAGE), true);
      SEGMENTS.removeLive(installed ? page : target, FOOTPRINT);
      if (installed) {
        Tables.setBytes(to, 1);
      }
    }

    /** The evacuator, whose copy of the page arrived. */
    @Actor
    public void evacuator() {
      long place = RECORDS.loadPlace(index);
      if (number(place) == 1) {
        long target = Tables.page(cell, 2);
        SEGMENTS.addLive(target, FOOTPRINT);
        Tables.setBytes(Tables.frame(cell, 2), Tables.bytes(staging));
        boolean installed = RECORDS.relocate(index, place, place(2), false);
        SEGMENTS.removeLive(installed ? page : target, FOOTPRINT);
      }
    }

    /** Where it is, what it holds, and live bytes. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = where();
      r.r2 = content();
      r.r3 = live();
    }
  }
}
