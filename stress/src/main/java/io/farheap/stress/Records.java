package io.farheap.stress;

import static io.farheap.stress.Tables.RECORDS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.Handle;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PlaceWord;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZIZ_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * The pointer record: one winner of each move, no object lost or brought back, no object's place
 * under another one's generation. Places are numbered: 1 is where the object lies at first.
 */
public final class Records {
  private Records() {}

  /** A record of a live object with one owner at place 1. */
  static class LiveRecord {
    final int cell = Tables.nextCell();
    final long handle = Tables.handle(cell);
    final long index = Handle.index(handle);
    final long seen = Tables.liveRecord(cell, place(1), false);

    /** Far address of a numbered place. */
    final long place(int number) {
      return Tables.farAddress(Tables.page(cell, number));
    }

    /** Number of the place that a word names; 0 for none. */
    final int number(long placeWord) {
      return PlaceWord.isNull(placeWord)
          ? 0
          : (int) (PlaceWord.page(placeWord) - Tables.page(cell, 0));
    }

    /** Number of the place where the object is now. */
    final int where() {
      return number(RECORDS.loadPlace(index));
    }
  }

  /** Two copies of one object: exactly one is installed. */
  @JCStressTest
  @Outcome(id = "true, false, 2", expect = ACCEPTABLE, desc = "the first")
  @Outcome(id = "false, true, 3", expect = ACCEPTABLE, desc = "the second")
  @Outcome(expect = FORBIDDEN, desc = "two winners, or none")
  @State
  public static class TwoRelocations extends LiveRecord {
    /** A thread that brings the object. */
    @Actor
    public void first(ZZI_Result r) {
      r.r1 = RECORDS.relocate(index, seen, place(2), true);
    }

    /** Another one. */
    @Actor
    public void second(ZZI_Result r) {
      r.r2 = RECORDS.relocate(index, seen, place(3), true);
    }

    /** Where the object is. */
    @Arbiter
    public void end(ZZI_Result r) {
      r.r3 = where();
    }
  }

  /** A move against a free: the free sees the place that holds the object, and no place is left. */
  @JCStressTest
  @Outcome(id = "true, 2, 0", expect = ACCEPTABLE, desc = "moved, then freed there")
  @Outcome(id = "false, 1, 0", expect = ACCEPTABLE, desc = "freed; the move lost")
  @Outcome(expect = FORBIDDEN, desc = "freed elsewhere, or still placed")
  @State
  public static class RelocationAndFree extends LiveRecord {
    /** A thread that brings the object. */
    @Actor
    public void mover(ZII_Result r) {
      r.r1 = RECORDS.relocate(index, seen, place(2), true);
    }

    /** The last owner. */
    @Actor
    public void owner(ZII_Result r) {
      r.r2 = (int) ((RECORDS.unpublish(index) >>> 12) - Tables.page(cell, 0));
    }

    /** Where the object is. */
    @Arbiter
    public void end(ZII_Result r) {
      r.r3 = where();
    }
  }

  /** A new owner against the last one's end: who gave the object up for dead finds it dead. */
  @JCStressTest
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "added in time")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "too late")
  @Outcome(expect = FORBIDDEN, desc = "an owner of a dead object")
  @State
  public static class AddOrRemoveLastOwner extends LiveRecord {
    /** A new owner. */
    @Actor
    public void adder(II_Result r) {
      r.r1 = RECORDS.addOwner(handle);
    }

    /** The owner that there was. */
    @Actor
    public void owner(II_Result r) {
      r.r2 = RECORDS.removeOwner(handle);
    }
  }

  /** Two owners go: exactly one of them is the last. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the second was last")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the first was last")
  @Outcome(expect = FORBIDDEN, desc = "freed twice, or never")
  @State
  public static class TwoOwnersGo extends LiveRecord {
    {
      RECORDS.addOwner(handle);
    }

    /** An owner. */
    @Actor
    public void first(II_Result r) {
      r.r1 = RECORDS.removeOwner(handle);
    }

    /** Another one. */
    @Actor
    public void second(II_Result r) {
      r.r2 = RECORDS.removeOwner(handle);
    }
  }

  /** The access bit against a move: it neither stops the move nor marks the new place. */
  @JCStressTest
  @Outcome(id = "true, 2, false", expect = ACCEPTABLE, desc = "moved, not marked")
  @Outcome(expect = FORBIDDEN, desc = "the mark got in the way of the move, or moved along")
  @State
  public static class AccessBitAndRelocation extends LiveRecord {
    /** A hit that marked the cards of the old place. */
    @Actor
    public void reader(ZIZ_Result r) {
      RECORDS.setAccess(index, seen);
    }

    /** A thread that moves the object. */
    @Actor
    public void mover(ZIZ_Result r) {
      r.r1 = RECORDS.relocate(index, seen, place(2), false);
    }

    /** Where the object is. */
    @Arbiter
    public void end(ZIZ_Result r) {
      r.r2 = where();
      r.r3 = PlaceWord.accessed(RECORDS.loadPlace(index));
    }
  }

  /** Free and reuse against a reader: the old generation never goes with the new object's place. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "before the free")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "stale")
  @Outcome(expect = FORBIDDEN, desc = "another object under the old handle")
  @State
  public static class GenerationAndPlace extends LiveRecord {
    /** A dereference: first the place, then the generation. */
    @Actor
    public void reader(I_Result r) {
      long place = RECORDS.loadPlace(index);
      long owner = RECORDS.loadOwner(index);
      r.r1 = OwnerWord.generation(owner) == Handle.generation(handle) ? number(place) : 0;
    }

    /** The last owner, then an allocation that gets the same record. */
    @Actor
    public void owner(I_Result r) {
      RECORDS.removeOwner(handle);
      RECORDS.unpublish(index);
      RECORDS.recycle(0, index);
      long next = RECORDS.allocate(0, 8);
      if (Handle.index(next) != index) {
        throw new IllegalStateException("record " + index + " was not given out again");
      }
      RECORDS.publish(index, place(2), false);
    }
  }

  /** Publication: who sees the place sees the bytes. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "there with its bytes")
  @Outcome(expect = FORBIDDEN, desc = "there without its bytes")
  @State
  public static class Publication extends LiveRecord {
    private final int frame = Tables.frame(cell, 0);

    {
      RECORDS.unpublish(index);
      Tables.setBytes(frame, 2);
    }

    /** An allocation. */
    @Actor
    public void writer(I_Result r) {
      Tables.setBytes(frame, 1);
      RECORDS.publish(index, place(1), false);
    }

    /** A dereference. */
    @Actor
    public void reader(I_Result r) {
      long place = RECORDS.loadPlace(index);
      r.r1 = PlaceWord.isNull(place) ? 0 : (int) Tables.bytes(frame);
    }
  }
}
