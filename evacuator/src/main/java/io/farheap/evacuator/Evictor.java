package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
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
  private final WriteBack writeBack;
  private final ReclaimListener listener;
  private final LongSupplier clock;
  private final Watermarks watermarks;
  private final Survivors survivors;
  private final RunMaker runMaker;
  private final AccessMarks accessMarks;
  private final FarRoom farRoom;
  private final Grace grace;
  private final EvictionBatch batch = new EvictionBatch(BATCH);

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
      WriteBack writeBack,
      ReclaimListener listener,
      LongSupplier clock) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.frames = memory.frames();
    this.settings = settings;
    this.writeBack = writeBack;
    this.listener = listener;
    this.clock = clock;
    this.watermarks = settings.watermarks();
    this.survivors = new Survivors(memory, listener);
    this.runMaker = new RunMaker(memory);
    this.accessMarks = new AccessMarks(memory);
    this.farRoom = new FarRoom(memory.segments(), settings.compaction());
    this.grace = new Grace(memory.epochs(), clock, listener);
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
      int unmapped = batch.unmap(memory, page, word);
      if (referenced && unmapped > 0) {
        batch.lastIsSparse();
      }
      leaving += unmapped;
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
      int frame = batch.frame(i);
      // First the pins, then dirty: a pin for writing marks dirty before it goes.
      if (frameTable.pins(frame) > 0) {
        pageTable.keep(batch.page(i), batch.word(i));
        listener.kept();
      } else if (batch.dead(i)) {
        recycle(i);
      } else if (!runMaker.moveOut(batch, i, listener)) {
        goOut(i, frame);
      }
    }
    if (writesLeft > 0) {
      writeStartNanos = clock.getAsLong();
      writeBack.flush();
    }
    return batch.size();
  }

  private void goOut(int i, int frame) {
    long page = batch.page(i);
    batch.paging(i, paging(i, frame));
    long farAddress = FarAddress.ofPage(page);
    int lengthBytes = batch.length(i) * PageWord.PAGE_BYTES;
    if (!frameTable.dirty(frame) && writeBack.has(farAddress, lengthBytes)) {
      leave(i, false);
      return;
    }
    long writing = pageTable.startWrite(page, batch.word(i));
    if (writing == 0) {
      listener.kept();
      return;
    }
    batch.word(i, writing);
    batch.writing(i, true);
    writesLeft++;
    writeBack.start(i, farAddress, memory.frameRawAddress(frame), lengthBytes);
  }

  private boolean paging(int i, int frame) {
    if (batch.length(i) > 1 || !roomForHoles || frameTable.ahead(frame)) {
      return true; // a page that nobody asked for says nothing against the path it came by
    }
    if (batch.sparse(i)) {
      return false; // only an immutable page's objects can be kept
    }
    long page = batch.page(i);
    int usedBytes = settings.cards() ? touchedBytes(i) : accessMarks.accessedBytes(page, frame);
    return settings
        .paths()
        .paging(usedBytes, memory.segments().pageLiveBytes(page), frameTable.fetched(frame));
  }

  /** Bytes under marked cards; a large object has no cards and comes and goes as a whole. */
  private int touchedBytes(int i) {
    return batch.length(i) > 1
        ? batch.length(i) * PageWord.PAGE_BYTES
        : frameTable.cardsMarked(batch.frame(i)) * FrameTable.CARD_BYTES;
  }

  private int pollWrites() {
    int ended = 0;
    for (int i = 0; writesLeft > 0 && i < batch.size(); i++) {
      if (!batch.writing(i)) {
        continue;
      }
      switch (writeBack.poll(i)) {
        case PENDING -> {}
        case DONE -> {
          endWrite(i);
          writesDone++;
          ended++;
        }
        case FAILED -> {
          failWrite(i);
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

  private void endWrite(int i) {
    batch.writing(i, false);
    writesLeft--;
    if (!leave(i, true)) {
      pageTable.endWrite(batch.page(i));
    }
  }

  private void failWrite(int i) {
    batch.writing(i, false);
    writesLeft--;
    long page = batch.page(i);
    if (!pageTable.keepAfterFailedWrite(page, batch.word(i))) {
      pageTable.endWrite(page);
    }
    listener.writeFailed(page);
  }

  private boolean leave(int i, boolean written) {
    if (!pageTable.leave(batch.page(i), batch.word(i), batch.paging(i))) {
      listener.kept();
      return false;
    }
    int frame = batch.frame(i);
    boolean fetched = frameTable.fetched(frame);
    int touchedBytes = touchedBytes(i);
    if (batch.length(i) == 1) {
      if (batch.sparse(i) && !batch.paging(i)) {
        survivors.move(batch.page(i), frame);
      }
      accessMarks.clear(batch.page(i), frame);
    }
    memory.giveFrames(frame, batch.length(i));
    listener.left(batch.length(i), written, batch.paging(i), fetched, touchedBytes);
    return true;
  }

  private void recycle(int i) {
    if (!pageTable.recycle(batch.page(i), batch.word(i))) {
      listener.kept();
      return;
    }
    for (int body = 1; body < batch.length(i); body++) {
      pageTable.recycleBody(batch.page(i) + body);
    }
    memory.giveFrames(batch.frame(i), batch.length(i));
    listener.recycled(batch.length(i));
  }
}
