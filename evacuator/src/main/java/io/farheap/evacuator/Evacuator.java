package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FarPages;
import io.farheap.allocator.FramePool;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageFetch;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.evacuator.EmptiedPage.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Empties segments beside the application, so that their space and frames are free again: accessed
 * objects go to hot segments, the others to cold ones.
 *
 * <pre>
 *          picture, jobs          pages unmapped, reads sent        grace passed, bytes here
 *   SURVEY ─────────────► GATHER ────────────────────────────► WAIT ───────────────────────► MOVE
 *     ▲                    │  ▲                                                                │
 *     └──── no job left ───┘  └──────────────────────── batch done ────────────────────────────┘
 * </pre>
 *
 * <p>A local page is unmapped, becomes an immutable source once no scope is left that may reach it,
 * and is freed one grace period after its last object went. A remote page on the object path is
 * immutable as it is; one on the paging path is fetched first. Whoever needs an object meanwhile
 * moves it without waiting: the compare-and-set on its record is the only arbiter.
 */
public final class Evacuator implements Agent {
  /** Most pages in one round. */
  public static final int BATCH = 128;

  /** One frame in so many is filled with a remote page in one round. */
  private static final int FRAMES_PER_FRAME_SENT_FOR = 32;

  private static final int LEAST_FRAMES_SENT_FOR = 2;

  private static final double BURST_NANOS = 2_000_000;
  private static final double BURST_BYTES = 1 << 20;
  private static final long MIN_REST_NANOS = 5_000_000;
  private static final long MAX_REST_NANOS = 500_000_000;
  private static final long MIN_URGENT_REST_NANOS = 500_000;

  /** Hurrying does not help who gets nowhere, for want of neighbouring frames for example. */
  private static final long MAX_URGENT_REST_NANOS = 64_000_000;

  /** Of a survey's duration, so long a rest follows at least. */
  private static final int REST_PER_SURVEY = 20;

  /** A picture of the heap is out of date when so many segments, or this part, were added. */
  private static final int SEGMENTS_OF_A_PICTURE = 8;

  private static final int PART_OF_A_PICTURE = 32;

  /** Dead bytes for a live one from which on budgets do not count. */
  private static final double MOST_DEAD = 0.42;

  /** The garbage of a smaller heap is not worth a hurry. */
  private static final long SMALL_BYTES = 4L << 20;

  /** Less of far memory is free than this part: garbage is more urgent than budgets. */
  private static final int URGENT_PART = 16;

  private enum Phase {
    SURVEY,
    GATHER,
    WAIT,
    MOVE
  }

  private final HeapMemory memory;
  private final SegmentTable segments;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final FramePool frames;
  private final EvacuatorSettings settings;
  private final FarPages farPages;
  private final ReclaimListener listener;
  private final LongSupplier clock;
  private final LongSupplier evictions;
  private final SegmentSurvey survey;
  private final PageWalk walk;
  private final ObjectMover mover;
  private final Grace grace;
  private final QuietPages quietPages;
  private final Allowance cpu;
  private final Allowance bandwidth;
  private final PageBatch<EmptiedPage> batch;
  private final Cleanings cleanings;
  private final RunCopy runCopy;
  private final int mostFramesSentFor;
  private final AtomicLong fruitlessSurveys = new AtomicLong();

  private Phase phase = Phase.SURVEY;
  private boolean surveying;
  private long surveyNanos;
  private long restNanos = MIN_REST_NANOS;
  private long urgentRestNanos = MIN_URGENT_REST_NANOS;
  private long restStartNanos;
  private long evictionsBefore;
  private int usedWhenSurveyed;
  private long pagesEmptied;
  private long pagesEmptiedBefore;
  private int framesSentFor;
  private boolean inGrace;

  /** A page was fetched and unmapped that no grace period has been started for. */
  private boolean fetchedLocal;

  private int position;
  private volatile boolean waiting;
  private volatile boolean behind;

  /**
   * Wires an evacuator; it does nothing until it is stepped.
   *
   * @param evictions a count that rises as pages go out for want of frames
   */
  public Evacuator(
      HeapMemory memory,
      EvacuatorSettings settings,
      FarPages farPages,
      ReclaimListener listener,
      LongSupplier evictions,
      LongSupplier clock) {
    this.memory = memory;
    this.segments = memory.segments();
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.frames = memory.frames();
    this.settings = settings;
    this.farPages = farPages;
    this.listener = listener;
    this.clock = clock;
    this.evictions = evictions;
    this.survey = new SegmentSurvey(memory);
    this.walk = new PageWalk(memory, listener);
    this.mover = new ObjectMover(memory, true);
    this.grace = new Grace(memory.epochs(), clock, listener);
    this.quietPages = new QuietPages(memory, 2 * BATCH, listener);
    this.cleanings = new Cleanings(segments, quietPages);
    this.runCopy = new RunCopy(memory, listener);
    this.batch = new PageBatch<>(BATCH, () -> new EmptiedPage(memory, farPages));
    this.mostFramesSentFor =
        Math.clamp(frames.frames() / FRAMES_PER_FRAME_SENT_FOR, LEAST_FRAMES_SENT_FOR, BATCH);
    long now = clock.getAsLong();
    this.cpu = new Allowance(1e9 * settings.cpuShare(), BURST_NANOS, now);
    this.bandwidth = new Allowance((double) settings.bytesPerSecond(), BURST_BYTES, now);
    this.restStartNanos = now;
  }

  /**
   * How many surveys found nothing to clean, or came after one whose segments could not be cleaned.
   * Who reads it twice and sees it two higher knows that a whole survey in between did.
   */
  public long fruitlessSurveys() {
    return fruitlessSurveys.get();
  }

  /** Whether it waits for something that comes soon. A guess, for any thread. */
  public boolean busy() {
    return waiting;
  }

  @Override
  public int doWork() {
    long start = clock.getAsLong();
    boolean urgent = urgent();
    // What was sent for is received in any case: somebody may wait for the page. And what there is
    // to do has to be known.
    if (phase != Phase.WAIT && phase != Phase.SURVEY && !urgent && !cpu.available(start)) {
      waiting = false;
      return 0;
    }
    int work =
        switch (phase) {
          case SURVEY -> lookAround(start, urgent);
          case GATHER -> gather(start, urgent);
          case WAIT -> arrived() ? startMoving() : 0;
          case MOVE -> moveNext();
        };
    waiting = phase == Phase.WAIT || surveying;
    if (work > 0 || surveying) {
      long nanos = clock.getAsLong() - start;
      cpu.spend((double) nanos);
      listener.evacuatorRan(nanos);
    }
    return work;
  }

  /** Whether garbage must go whatever it costs: far memory is nearly full, or mostly garbage. */
  private boolean urgent() {
    return behind
        || (segments.segments() - segments.usedSegments()) * URGENT_PART <= segments.segments();
  }

  /**
   * Whether far memory held more than its bound when it was last surveyed, so that who allocates
   * had better slow down. For any thread.
   */
  public boolean behind() {
    return behind;
  }

  /** Whether so much was allocated since the last survey that its picture is out of date. */
  private boolean outgrown() {
    int used = segments.usedSegments();
    return used - usedWhenSurveyed > Math.max(SEGMENTS_OF_A_PICTURE, used / PART_OF_A_PICTURE);
  }

  private int lookAround(long now, boolean urgent) {
    if (!surveying) {
      long least =
          urgent
              ? Math.max(urgentRestNanos, surveyNanos)
              : Math.max(restNanos, REST_PER_SURVEY * surveyNanos);
      if (now - restStartNanos < least && !outgrown()) {
        return 0;
      }
      surveying = true;
      surveyNanos = 0;
      usedWhenSurveyed = segments.usedSegments();
      survey.start();
    }
    boolean complete = survey.step();
    surveyNanos += clock.getAsLong() - now;
    // Looking is not work: a heap at rest is looked at, too.
    return complete ? endSurvey() : 0;
  }

  private int endSurvey() {
    surveying = false;
    restStartNanos = clock.getAsLong();
    long evictionsNow = evictions.getAsLong();
    HeapView picture = survey.picture(evictionsNow != evictionsBefore);
    evictionsBefore = evictionsNow;
    behind = picture.deadPerLive() > MOST_DEAD && picture.usedBytes() > SMALL_BYTES;
    List<CleaningJob> jobs = settings.policy().plan(picture);
    boolean underWay = !cleanings.isEmpty();
    boolean progress = underWay || pagesEmptied != pagesEmptiedBefore;
    pagesEmptiedBefore = pagesEmptied;
    cleanings.plan(jobs);
    if (progress) {
      restNanos = MIN_REST_NANOS;
      urgentRestNanos = MIN_URGENT_REST_NANOS;
    } else {
      urgentRestNanos = Math.min(MAX_URGENT_REST_NANOS, 2 * urgentRestNanos);
      restNanos = Math.min(MAX_REST_NANOS, 2 * restNanos);
      fruitlessSurveys.incrementAndGet();
    }
    if (cleanings.isEmpty()) {
      return 0;
    }
    phase = Phase.GATHER;
    return 1;
  }

  /** Takes the next pages out of use, or sends for them. */
  private int gather(long now, boolean urgent) {
    cleanings.settle();
    if (cleanings.isEmpty() || outgrown()) {
      if (pagesEmptied == pagesEmptiedBefore) {
        restStartNanos = now; // what was tried in vain is no rest
      }
      phase = Phase.SURVEY;
      mover.rest();
      return 1;
    }
    batch.clear();
    int dead = quietPages.startDraining();
    finishQuietPages();
    if (!mover.hasRoom(Heat.COLD)) {
      cleanings.giveUp();
    }
    int started = fill(urgent || bandwidth.available(now));
    if (started > 0) {
      farPages.flush();
    }
    if (batch.size() == 0 && dead == 0) {
      mover.rest();
      return 0;
    }
    inGrace = dead > 0 || batch.size() > started;
    if (inGrace) {
      grace.start();
    }
    phase = Phase.WAIT;
    return 1 + batch.size();
  }

  /** Fills the batch; answers how many reads were started. */
  private int fill(boolean reads) {
    int started = 0;
    framesSentFor = 0;
    Cleanings.Cleaning cleaning = cleanings.current();
    while (cleaning != null && !batch.full() && batch.size() < quietPages.room()) {
      int before = batch.size();
      if (!take(cleaning.nextPage, cleaning.job.localOnly(), reads)) {
        break;
      }
      started += batch.size() > before && batch.get(before).travelling ? 1 : 0;
      cleaning.nextPage++;
      cleaning = cleanings.current();
    }
    return started;
  }

  /**
   * Adds a page to the batch unless it is dead or in use.
   *
   * @return false if it should be added but cannot be now: a frame or bandwidth is missing
   */
  private boolean take(long page, boolean localOnly, boolean reads) {
    if (segments.pageLive(page) == 0) {
      return true;
    }
    long word = pageTable.load(page);
    int state = PageWord.state(word);
    if (PageWord.writeInFlight(word)) {
      return true;
    }
    if (state == PageWord.LOCAL) {
      takeLocal(page, word);
      return true;
    }
    return state != PageWord.REMOTE || localOnly || (reads && sendFor(page, word));
  }

  private void takeLocal(long page, long word) {
    if (unmap(batch.next(), page, word)) {
      batch.add();
    }
  }

  /**
   * T2 of a page, which becomes the entry's.
   *
   * @param word LOCAL, W clear
   * @return false if it is pinned, or has changed
   */
  private boolean unmap(EmptiedPage entry, long page, long word) {
    int frame = PageWord.frame(word);
    if (frameTable.pins(frame) > 0) {
      return false;
    }
    int length = memory.runPages(page);
    long leaving = pageTable.unmap(page, word);
    if (leaving == 0) {
      return false;
    }
    entry.set(Kind.LOCAL, page, leaving, frame, length);
    return true;
  }

  /** Starts to read a remote page or run; false if there is no frame for it now. */
  private boolean sendFor(long page, long word) {
    int length = memory.runPages(page);
    if (framesSentFor + length > mostFramesSentFor) {
      return framesSentFor == 0; // what is too long for any round stays where it is
    }
    int frame = -1;
    if (frames.free() - length >= frames.reserve() / 2) { // the rest is for what has to be moved
      frame = length == 1 ? frames.tryTake(true) : frames.tryTakeRun(length, true);
    }
    if (frame < 0) {
      return length > 1; // a run may not be found for long; a frame comes
    }
    if (!ask(page, word, frame, length)) {
      return true;
    }
    int lengthBytes = length * PageWord.PAGE_BYTES;
    framesSentFor += length;
    bandwidth.spend(lengthBytes);
    listener.evacuatorRead(lengthBytes);
    return true;
  }

  /** Fetches a page of the paging path, and copies one of the object path; false if it changed. */
  private boolean ask(long page, long word, int frame, int length) {
    EmptiedPage entry = batch.next();
    boolean paging = PageWord.paging(word);
    if (!paging) {
      read(entry, page, frame);
    } else if (!entry.fetch.begin(PageFetch.Reason.CLEANING, page, word, frame, length)) {
      return false;
    }
    entry.set(paging ? Kind.FETCH : Kind.REMOTE, page, word, frame, length);
    entry.travelling = true;
    batch.add();
    return true;
  }

  private void read(EmptiedPage entry, long page, int frame) {
    boolean asked = false;
    try {
      entry.trip.read(FarAddress.ofPage(page), memory.frameRawAddress(frame), PageWord.PAGE_BYTES);
      asked = true;
    } finally {
      if (!asked) {
        entry.trip.end();
        memory.giveFrame(frame);
      }
    }
  }

  private boolean arrived() {
    boolean all = true;
    for (int i = 0; i < batch.size(); i++) {
      EmptiedPage entry = batch.get(i);
      if (entry.travelling) {
        PageTrip.Status status = entry.trip.poll();
        if (status == PageTrip.Status.PENDING) {
          all = false;
        } else {
          entry.travelling = false;
          entry.failed = status == PageTrip.Status.FAILED;
          if (entry.kind == Kind.FETCH) {
            fetchedLocal |= entry.fetch.finish() && unmapFetched(entry);
          }
        }
      }
    }
    if (!all) {
      return false;
    }
    if (fetchedLocal) {
      fetchedLocal = false;
      inGrace = true;
      grace.start(); // younger than the one that the other pages wait for, which so is over as well
    }
    return !inGrace || grace.passed();
  }

  /** Goes on with a page that has come before it can leave again; nobody else asked for it. */
  private boolean unmapFetched(EmptiedPage entry) {
    long word = pageTable.load(entry.page);
    return PageWord.state(word) == PageWord.LOCAL && unmap(entry, entry.page, word);
  }

  private int startMoving() {
    if (inGrace) {
      inGrace = false;
      quietPages.endDraining();
    }
    position = 0;
    phase = Phase.MOVE;
    return 1;
  }

  private int moveNext() {
    if (position == batch.size()) {
      phase = Phase.GATHER;
      return 1;
    }
    EmptiedPage entry = batch.get(position++);
    switch (entry.kind) {
      case LOCAL -> {
        if (entry.length == 1) {
          emptyLocal(entry.page, entry.word, entry.frame);
        } else {
          moveRun(entry);
        }
      }
      case REMOTE -> emptyRemote(entry);
      case FETCH -> {} // it did not come, or others use it already
    }
    return 1;
  }

  private void emptyLocal(long page, long leaving, int frame) {
    // First everything that may still say no: from the next step on there is no way back. A page
    // with an object that no header leads to, which far memory may have given back, would be quiet
    // for ever.
    if (!stillOurs(page, leaving, frame)
        || !mover.prepare()
        || (frameTable.fetched(frame) && !walk.meetsAll(page, frame))) {
      pageTable.keep(page, leaving);
      listener.kept();
      return;
    }
    if (pageTable.quiet(page, leaving) == 0) {
      listener.kept();
      return;
    }
    quietPages.add(page, 1);
    moveObjects(page, frame);
  }

  /**
   * Whether headers may be read before the page is a source: one that was rescued may have left
   * since, and its frames be others'. Only agents give frames away, and one of them steps at a
   * time.
   */
  private boolean stillOurs(long page, long leaving, int frame) {
    return pageTable.load(page) == leaving && frameTable.pins(frame) == 0;
  }

  private void moveRun(EmptiedPage run) {
    if (!stillOurs(run.page, run.word, run.frame)
        || !runCopy.prepare(run.page, run.frame, run.length)) {
      pageTable.keep(run.page, run.word);
      listener.kept();
      return;
    }
    if (pageTable.quiet(run.page, run.word) == 0) {
      runCopy.abandon();
      listener.kept();
      return;
    }
    quietPages.add(run.page, run.length);
    boolean moved = runCopy.move();
    pagesEmptied++;
    listener.evacuated(moved ? 1 : 0, moved ? runCopy.footprint() : 0);
  }

  private void emptyRemote(EmptiedPage copy) {
    if (!copy.failed && pageTable.load(copy.page) == copy.word && mover.prepare()) {
      moveObjects(copy.page, copy.frame);
    }
    memory.giveFrame(copy.frame);
  }

  private void moveObjects(long page, int frame) {
    walk.start(page, frame);
    boolean room = true;
    while (room && walk.next()) {
      boolean hot = PlaceWord.accessed(walk.place());
      room = (hot && mover.move(walk, Heat.HOT)) || mover.move(walk, Heat.COLD);
    }
    pagesEmptied += room ? 1 : 0;
    listener.evacuated(mover.takeMovedObjects(), mover.takeMovedBytes());
  }

  /** Objects that found no room are tried again; threads that need them do not wait for that. */
  private void finishQuietPages() {
    for (int i = 0; i < quietPages.size(); i++) {
      long page = quietPages.page(i);
      if (quietPages.length(i) == 1 && segments.pageLive(page) > 0 && mover.prepare()) {
        moveObjects(page, PageWord.frame(pageTable.load(page)));
      }
    }
  }
}
