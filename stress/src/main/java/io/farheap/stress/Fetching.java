package io.farheap.stress;

import static io.farheap.stress.Tables.FOOTPRINT;
import static io.farheap.stress.Tables.RECORDS;
import static io.farheap.stress.Tables.SEGMENTS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.FarAddress;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Fetches of an object that rests on page 1: whatever else happens to it, its live bytes are
 * counted once, where it is, and nowhere once it is dead.
 */
public final class Fetching {
  private Fetching() {}

  /** A remote object. */
  static class RemoteObject extends Records.LiveRecord {
    {
      Tables.setLive(Tables.page(cell, 1), FOOTPRINT);
      Tables.setLive(Tables.page(cell, 2), 0);
      Tables.setLive(Tables.page(cell, 3), 0);
    }

    /** An object fetch to another place, with the bytes in hand. */
    final boolean fetchTo(int number) {
      long target = Tables.page(cell, number);
      SEGMENTS.addLive(target, FOOTPRINT);
      boolean installed = RECORDS.relocate(index, seen, place(number), true);
      SEGMENTS.removeLive(installed ? Tables.page(cell, 1) : target, FOOTPRINT);
      return installed;
    }

    /** The last owner's free. */
    final void free() {
      if (RECORDS.removeOwner(handle) == 0) {
        long farAddress = RECORDS.unpublish(index);
        SEGMENTS.removeLive(FarAddress.page(farAddress), FOOTPRINT);
      }
    }

    /** Live bytes of a page of the cell. */
    final int live(int number) {
      return SEGMENTS.pageLiveBytes(Tables.page(cell, number));
    }
  }

  /** A fetch against a free. */
  @JCStressTest
  @Outcome(id = ".*, 0, 0", expect = ACCEPTABLE, desc = "dead and counted nowhere")
  @Outcome(expect = FORBIDDEN, desc = "alive, or counted wrong")
  @State
  public static class FetchAndFree extends RemoteObject {
    /** A thread that brings the object. */
    @Actor
    public void fetcher(ZII_Result r) {
      r.r1 = fetchTo(2);
    }

    /** The last owner. */
    @Actor
    public void owner(ZII_Result r) {
      free();
    }

    /** Where it is, and how many bytes count as live. */
    @Arbiter
    public void end(ZII_Result r) {
      r.r2 = where();
      r.r3 = live(1) + live(2);
    }
  }

  /** Two fetches. */
  @JCStressTest
  @Outcome(id = "true, false, at 2: 0 64 0", expect = ACCEPTABLE, desc = "the first")
  @Outcome(id = "false, true, at 3: 0 0 64", expect = ACCEPTABLE, desc = "the second")
  @Outcome(expect = FORBIDDEN, desc = "two winners or none, or counted wrong")
  @State
  public static class TwoFetches extends RemoteObject {
    /** A thread that brings the object. */
    @Actor
    public void first(ZZL_Result r) {
      r.r1 = fetchTo(2);
    }

    /** Another one. */
    @Actor
    public void second(ZZL_Result r) {
      r.r2 = fetchTo(3);
    }

    /** Where it is, and the live bytes of the three pages. */
    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = "at " + where() + ": " + live(1) + " " + live(2) + " " + live(3);
    }
  }
}
