package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FarPages;
import io.farheap.allocator.FramePool;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes pages out of local memory so that there are always free frames.
 *
 * <pre>
 *            victims unmapped          grace passed            writes ended
 *   CHOOSE ───────────────────► GRACE ──────────────► WRITE ───────────────► CHOOSE
 * </pre>
 *
 * <p>Works when fewer frames are free than the low watermark, until the high one is reached, or
 * when somebody wants a run. Victims are chosen by a round-robin clock hand that gives referenced
 * pages another turn. One thread at a time steps it; what it shares with others are the page-table
 * words, by the numbered transitions of {@link PageTable}.
 */
public final class Evictor implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

  /** Most pages that go out together. */
  public static final int BATCH = 128;

  /** Fewer accessed bytes than these are worth copying to free their page's frame. */
  private static final int SPARSE_BYTES = PageWord.PAGE_BYTES / 4;

  private static final int FRAMES_PER_STEP = 4 * BATCH;
  private static final long BACKOFF_AFTER_FAILURE_NANOS = 1_000_000;
  private static final long MAX_BACKOFF_NANOS = 100_000_000;

  private enum Phase {
    CHOOSE,
    GRACE,
    WRITE
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final FramePool frames;
  private final EvictionSettings settings;
  private final FarPages farPages;
  private final ReclaimListener listener;
  private final LongSupplier clock;
  private final Watermarks watermarks;
  private final Survivors survivors;
  private final RunMaker runMaker;
  private final AccessMarks accessMarks;
  private final FarRoom farRoom;
  private final Grace grace;
  private final PageBatch<Victim> batch;

  private Phase phase = Phase.CHOOSE;
  private boolean reclaiming;
  private long rounds;
  private int hand;
  private boolean roomForHoles;
  private int writesLeft;
  private int writesDone;
  private int writesFailed;
  private long writeStartNanos;
  private long backoffNanos;
  private long backoffUntilNanos;

  /** Wires an evictor; it does nothing until it is stepped. */
  public Evictor(
      HeapMemory memory,
      EvictionSettings settings,
      FarPages farPages,
      ReclaimListener listener,
      LongSupplier clock) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.frames = memory.frames();
    this.settings = settings;
    this.farPages = farPages;
    this.listener = listener;
    this.clock = clock;
    this.watermarks = settings.watermarks();
    this.survivors = new Survivors(memory, listener);
    this.runMaker = new RunMaker(memory);
    this.accessMarks = new AccessMarks(memory, listener);
    this.farRoom = new FarRoom(memory.segments(), settings.compaction());
    this.grace = new Grace(memory.epochs(), clock, listener);
    this.batch = new PageBatch<>(BATCH, () -> new Victim(farPages.trip()));
  }

  /** Where threads ask for runs of neighbouring frames. */
  public RunMaker runMaker() {
    return runMaker;
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case GRACE -> grace.passed() ? afterGrace() : 0;
      case WRITE -> pollWrites();
    };
  }

  /** Whether a batch is on its way, so that a step soon makes sense. A guess, for any thread. */
  public boolean busy() {
    return phase != Phase.CHOOSE || reclaiming || runMaker.pending();
  }

  /** Number of batches that were chosen so far for want of frames. For the agents' thread. */
  public long rounds() {
    return rounds;
  }

  private int choose() {
    if (backoffNanos != 0 && clock.getAsLong() - backoffUntilNanos < 0) {
      return 0;
    }
    batch.clear();
    if (runMaker.wanted()) {
      runMaker.unmapVictims(batch);
    }
    int visited = 0;
    boolean forRun = batch.size() > 0;
    if (!forRun) {
      reclaiming = watermarks.shouldReclaim(frames.free(), reclaiming);
      visited = reclaiming ? sweep(watermarks.missing(frames.free())) : 0;
      rounds += batch.size() > 0 ? 1 : 0;
    }
    if (batch.size() == 0) {
      return visited;
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{} pages to go out for {}; {} frames free, watermarks {} and {}, {} frames looked at",
          batch.size(),
          forRun ? "a run of frames" : "free frames",
          frames.free(),
          watermarks.low(),
          watermarks.high(),
          visited);
    }
    grace.start();
    phase = Phase.GRACE;
    return visited + batch.size();
  }

  /** Moves the hand until enough victims are found, or it has come far enough for one step. */
  private int sweep(int wanted) {
    int visited = 0;
    int leaving = 0;
    int limit = Math.min(FRAMES_PER_STEP, 2 * frames.frames());
    while (visited < limit && leaving < wanted && !batch.full()) {
      int frame = hand;
      hand = frame + 1 == frames.frames() ? 0 : frame + 1;
      visited++;
      long page = frameTable.page(frame);
      if (page == FrameTable.NO_PAGE) {
        continue;
      }
      long word = pageTable.load(page);
      if (PageWord.state(word) != PageWord.LOCAL
          || PageWord.frame(word) != frame
          || PageWord.writeInFlight(word)
          || frameTable.pins(frame) > 0) {
        continue;
      }
      boolean referenced = PageWord.referenced(word);
      if (referenced && keepForNextTurn(page, frame)) {
        pageTable.clearReferenced(page, word);
        continue;
      }
      Victim victim = batch.next();
      if (victim.unmap(memory, page, word)) {
        victim.sparse = referenced;
        leaving += victim.length;
        batch.add();
      }
    }
    return visited;
  }

  /**
   * Whether a referenced page stays. In its first turn it does; later only if enough of it was
   * accessed since the last: the few accessed objects of another are better off elsewhere.
   */
  private boolean keepForNextTurn(long page, int frame) {
    if (!settings.regrouping() || isLarge(page)) {
      return true;
    }
    if (frameTable.aged(frame)) {
      int accessed = accessMarks.accessedBytes(page, frame);
      if (accessed > 0 && accessed < SPARSE_BYTES) {
        return false;
      }
    } else {
      frameTable.setAged(frame);
    }
    accessMarks.clear(page, frame); // the bits are to tell of the next turn alone
    return true;
  }

  private boolean isLarge(long page) {
    return memory.segments().heat(SegmentTable.segmentOf(page)) == Heat.LARGE;
  }

  /** No scope can reach the batch's pages any more, except by a rescue or a pin. */
  private int afterGrace() {
    phase = Phase.WRITE; // before anything can throw: no batch is gone through twice
    roomForHoles = farRoom.plenty();
    writesLeft = 0;
    writesDone = 0;
    writesFailed = 0;
    for (int i = 0; i < batch.size(); i++) {
      Victim victim = batch.get(i);
      // First the pins, then dirty: a pin for writing marks dirty before it goes.
      if (frameTable.pins(victim.frame) > 0) {
        pageTable.keep(victim.page, victim.word);
        listener.kept();
      } else if (victim.dead) {
        recycle(victim);
      } else if (!runMaker.moveOut(victim, listener)) {
        goOut(victim);
      }
    }
    if (writesLeft > 0) {
      writeStartNanos = clock.getAsLong();
      farPages.flush();
    }
    return batch.size();
  }

  private void goOut(Victim victim) {
    if (pageTable.load(victim.page) != victim.word) {
      // Rescued; it may even have left since, and the headers in the frame be another page's. Only
      // agents give frames away, and one of them steps at a time.
      listener.kept();
      return;
    }
    victim.paging = paging(victim);
    long farAddress = FarAddress.ofPage(victim.page);
    int lengthBytes = victim.length * PageWord.PAGE_BYTES;
    if (!frameTable.dirty(victim.frame) && farPages.has(farAddress, lengthBytes)) {
      leave(victim, false);
      return;
    }
    long writing = pageTable.startWrite(victim.page, victim.word);
    if (writing == 0) {
      listener.kept();
      return;
    }
    // Clean or not, far memory does not have it: it stays until a write is done, however many fail.
    frameTable.markDirty(victim.frame);
    victim.word = writing;
    victim.travelling = true;
    writesLeft++;
    victim.trip.write(farAddress, memory.frameRawAddress(victim.frame), lengthBytes);
  }

  private boolean paging(Victim victim) {
    if (victim.length > 1 || !roomForHoles || frameTable.ahead(victim.frame)) {
      return true; // a page that nobody asked for says nothing against the path it came by
    }
    if (victim.sparse) {
      return false; // only an immutable page's objects can be kept
    }
    int usedBytes =
        settings.cards()
            ? touchedBytes(victim)
            : accessMarks.accessedBytes(victim.page, victim.frame);
    return settings
        .paths()
        .paging(
            usedBytes,
            memory.segments().pageLiveBytes(victim.page),
            frameTable.fetched(victim.frame));
  }

  /** Bytes under marked cards; a large object has no cards and comes and goes as a whole. */
  private int touchedBytes(Victim victim) {
    return victim.length > 1
        ? victim.length * PageWord.PAGE_BYTES
        : frameTable.cardsMarked(victim.frame) * FrameTable.CARD_BYTES;
  }

  private int pollWrites() {
    int ended = 0;
    for (int i = 0; writesLeft > 0 && i < batch.size(); i++) {
      Victim victim = batch.get(i);
      if (!victim.travelling) {
        continue;
      }
      switch (victim.trip.poll()) {
        case PENDING -> {}
        case DONE -> {
          endWrite(victim);
          writesDone++;
          ended++;
        }
        case FAILED -> {
          failWrite(victim);
          writesFailed++;
          ended++;
        }
      }
    }
    if (writesLeft == 0) {
      if (ended > 0) {
        listener.written(ended, clock.getAsLong() - writeStartNanos);
      }
      backOff();
      runMaker.afterBatch();
      phase = Phase.CHOOSE;
      return ended + 1;
    }
    return ended;
  }

  /** A batch of which nothing arrived makes the evictor wait, longer each time. */
  private void backOff() {
    if (writesFailed == 0) {
      backoffNanos = writesDone > 0 ? 0 : backoffNanos;
      return;
    }
    backoffNanos =
        writesDone > 0
            ? BACKOFF_AFTER_FAILURE_NANOS
            : Math.clamp(backoffNanos * 2, BACKOFF_AFTER_FAILURE_NANOS, MAX_BACKOFF_NANOS);
    backoffUntilNanos = clock.getAsLong() + backoffNanos;
  }

  private void endWrite(Victim victim) {
    victim.travelling = false;
    writesLeft--;
    if (!leave(victim, true)) {
      pageTable.endWrite(victim.page);
    }
  }

  private void failWrite(Victim victim) {
    victim.travelling = false;
    writesLeft--;
    if (!pageTable.keepAfterFailedWrite(victim.page, victim.word)) {
      pageTable.endWrite(victim.page);
    }
    listener.writeFailed(victim.page);
  }

  private boolean leave(Victim victim, boolean written) {
    if (!pageTable.leave(victim.page, victim.word, victim.paging)) {
      listener.kept();
      return false;
    }
    boolean fetched = frameTable.fetched(victim.frame);
    int touchedBytes = touchedBytes(victim);
    if (victim.length == 1) {
      if (victim.sparse && !victim.paging) {
        survivors.move(victim.page, victim.frame);
      }
      accessMarks.clear(victim.page, victim.frame);
    }
    memory.giveFrames(victim.frame, victim.length);
    listener.left(victim.length, written, victim.paging, fetched, touchedBytes);
    return true;
  }

  private void recycle(Victim victim) {
    if (memory.recycleRun(victim.page, victim.word, victim.length)) {
      listener.recycled(victim.length);
    } else {
      listener.kept();
    }
  }
}
