package io.farheap.stress;

import static io.farheap.stress.Tables.EPOCHS;
import static io.farheap.stress.Tables.PAGES;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.PageWord;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Epochs: a scope that still saw a page mapped holds the grace period up that began after the page
 * was unmapped. Outcomes: the scope saw the page mapped, the grace period passed.
 */
public final class Grace {
  private Grace() {}

  /** A mapped page and the evictor that takes it. */
  static class MappedPage {
    final int cell = Tables.nextCell();
    final long page = Tables.page(cell, 0);
    final int frame = Tables.frame(cell, 0);
    final long local = Tables.localPage(page, frame);

    /** Whether the page is mapped. */
    final boolean mapped() {
      return PageWord.state(PAGES.load(page)) == PageWord.LOCAL;
    }
  }

  /** A scope is entered while a page is unmapped. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "held up")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "seen by the scope")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "held up for nothing")
  @Outcome(expect = FORBIDDEN, desc = "a raw address into a page that may go")
  @State
  public static class Enter extends MappedPage {
    private final int slot = Scoped.emptySlot(cell);

    /** The scope, which stays open. */
    @Actor
    public void reader(ZZ_Result r) {
      EPOCHS.enter(slot);
      r.r1 = mapped();
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZ_Result r) {
      PAGES.unmap(page, local);
      r.r2 = Scoped.gracePasses(slot);
    }
  }

  /** A parked scope comes back while a page is unmapped. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "held up")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "seen by the scope")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "held up for nothing")
  @Outcome(expect = FORBIDDEN, desc = "a raw address into a page that may go")
  @State
  public static class Resume extends MappedPage {
    private final int slot = Scoped.parkedSlot(cell);

    /** The scope, which stays open. */
    @Actor
    public void reader(ZZ_Result r) {
      EPOCHS.resume(slot);
      r.r1 = mapped();
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZ_Result r) {
      PAGES.unmap(page, local);
      r.r2 = Scoped.gracePasses(slot);
    }
  }

  /** A scope is renewed while a page is unmapped. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "held up")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "seen by the scope")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "held up for nothing")
  @Outcome(expect = FORBIDDEN, desc = "a raw address into a page that may go")
  @State
  public static class Renew extends MappedPage {
    private final int slot = Scoped.enteredSlot(cell);

    /** The scope, which stays open. */
    @Actor
    public void reader(ZZ_Result r) {
      EPOCHS.renew(slot);
      r.r1 = mapped();
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZ_Result r) {
      PAGES.unmap(page, local);
      r.r2 = Scoped.gracePasses(slot);
    }
  }

  /** A scope reads and leaves; after grace the frame is somebody else's. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "its own bytes")
  @Outcome(expect = FORBIDDEN, desc = "bytes of the frame's next page")
  @State
  public static class Exit extends MappedPage {
    private final int slot = Scoped.enteredSlot(cell);

    /** The scope, which made its raw address before. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = (int) Tables.bytes(frame);
      EPOCHS.exit(slot);
    }

    /** The evictor. */
    @Actor
    public void evictor(I_Result r) {
      PAGES.unmap(page, local);
      if (Scoped.gracePassesSoon(slot)) {
        Tables.setBytes(frame, 1);
      }
    }
  }

  /** A scope is entered in a slot that was beyond the window when the page was unmapped. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "held up")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "seen by the scope")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "held up for nothing")
  @Outcome(expect = FORBIDDEN, desc = "a raw address into a page that may go")
  @State
  public static class WindowGrows extends MappedPage {
    private static final int FIRST_WINDOW = 64;
    private static final int PROBES = 16;
    private static final Epochs[] SMALL = new Epochs[Tables.CELLS];
    private static final Field WINDOW = windowField();

    private final Epochs epochs = small(cell);

    private static Field windowField() {
      try {
        Field field = Epochs.class.getDeclaredField("window");
        field.setAccessible(true);
        return field;
      } catch (NoSuchFieldException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    /** Epochs with a small window, in which an entry meets scopes that hold nothing up. */
    private static Epochs small(int cell) {
      Epochs epochs = SMALL[cell];
      if (epochs == null) {
        epochs = new Epochs();
        for (int slot = 0; slot <= PROBES; slot++) {
          epochs.enter(slot);
          epochs.park(slot);
        }
        SMALL[cell] = epochs;
        return epochs;
      }
      epochs.exit(FIRST_WINDOW);
      try {
        ((AtomicInteger) WINDOW.get(epochs)).set(FIRST_WINDOW);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
      return epochs;
    }

    /** The scope, which stays open. */
    @Actor
    public void reader(ZZ_Result r) {
      epochs.enter(FIRST_WINDOW);
      r.r1 = mapped();
    }

    /** The evictor. */
    @Actor
    public void evictor(ZZ_Result r) {
      PAGES.unmap(page, local);
      long stamp = epochs.startGrace();
      r.r2 = epochs.firstHolder(stamp, 0) < 0;
    }
  }
}
