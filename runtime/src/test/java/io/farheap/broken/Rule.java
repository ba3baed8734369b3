package io.farheap.broken;

import static io.farheap.broken.Splice.answer;
import static io.farheap.broken.Splice.instead;

import java.util.List;

/** A rule of the protocol, and what is changed of the classes that ship to leave it out. */
enum Rule {
  /** Nothing is left out: a control, in which no check may fail. */
  NONE,
  /** One path per page: the path selector flag changes only while the page goes out. */
  FLAG_CHANGES_ONLY_ON_THE_WAY_OUT(
      answer("internal.miss.Residence#localise", "PageWord.paging", "Breaks.orSo"),
      instead(
          "allocator.PageFetch#begin", "PageTable.startFetch", "Breaks.startFetchAgainstTheFlag")),
  /** A page in use does not leave: page-out waits for the scopes. */
  EVICTION_WAITS_FOR_SCOPES(answer("evacuator.Evictor", "Grace.passed", "Breaks.yes")),
  /** A page in use does not leave: page-out leaves pinned pages alone. */
  EVICTION_RESPECTS_PINS(answer("evacuator.Evictor", "FrameTable.pins", "Breaks.zero")),
  /** A page in use does not leave: whoever was rescued keeps its frame. */
  A_RESCUED_PAGE_KEEPS_ITS_FRAME(answer("evacuator.Evictor", "PageTable.leave", "Breaks.yes")),
  /** A page in use does not leave: who waits outside the epoch has pinned its pages before. */
  PINS_COME_BEFORE_PARKING(
      instead("internal.scope.ScopeState#pinLog", "FrameTable.pin", "Breaks.pinLater"),
      instead("internal.scope.Scopes#park", "Epochs.park", "Breaks.parkAndThenPin")),
  /** An object in use does not move: evacuation waits for the scopes. */
  EVACUATION_WAITS_FOR_SCOPES(answer("evacuator.Evacuator", "Grace.passed", "Breaks.yes")),
  /** An object in use does not move: evacuation leaves pinned pages alone. */
  EVACUATION_RESPECTS_PINS(instead("evacuator.Evacuator", "FrameTable.pins", "Breaks.pinsOfRuns")),
  /** An object in use does not move: evacuation copies what is there after the grace period. */
  EVACUATION_COPIES_AFTER_GRACE(
      instead("allocator.Relocation#copyFrom", "NativeMemory.copy", "Breaks.copyWhatWasThere")),
  /** One truth: nobody writes to a page again that was a source of copies. */
  A_QUIET_PAGE_NEVER_COMES_BACK(
      instead("evacuator.Evacuator", "PageTable.quiet", "Breaks.keepInsteadOfQuiet"),
      instead("evacuator.QuietPages#recycle", "HeapMemory.recycleRun", "Breaks.givenBack")),
  /** A page in use does not leave: a source's frame waits for who may still copy from it. */
  QUIET_FRAMES_WAIT_FOR_SCOPES(
      instead(
          "evacuator.QuietPages#startDraining", "SegmentTable.pageLive", "Breaks.giveBackIfDead"),
      instead("evacuator.QuietPages#recycle", "HeapMemory.recycleRun", "Breaks.givenBack")),
  /** One truth: objects are kept of pages only that nobody can fetch and change meanwhile. */
  SURVIVORS_LEAVE_IMMUTABLE_PAGES(
      instead("evacuator.Evictor", "PageTable.leave", "Breaks.leaveForThePagingPath")),
  /** One truth: what is read to be moved cannot change any more. */
  COMPACTION_READS_IMMUTABLE_PAGES(
      instead("evacuator.Evacuator#sendFor", "HeapMemory.runPages", "Breaks.lookAtLength"),
      answer("evacuator.Evacuator#ask", "PageWord.paging", "Breaks.pagingIfLong"),
      instead("evacuator.Evacuator#emptyRemote", "PageTable.load", "Breaks.wordWhenRead")),
  /** One truth: what did not come is not moved. */
  COMPACTION_BELIEVES_NO_FAILED_READ(
      answer("evacuator.Evacuator#arrived", "PageTrip.poll", "Breaks.believed")),
  /** A page in use does not leave: nobody else gets a frame that bytes may still come into. */
  STAGING_FRAMES_STAY_UNTIL_THE_READ_ENDED(
      instead("evacuator.Evacuator#read", "PageTrip.read", "Breaks.readAndGiveTheFrame"),
      instead("evacuator.Evacuator#emptyRemote", "HeapMemory.giveFrame", "Breaks.keepTheFrame")),
  /** One truth: a fetched page is mapped when its bytes are there. */
  FETCHES_END_WHEN_THE_BYTES_ARE_HERE(
      instead("allocator.PageFetch#arrived", "PageTrip.end", "Breaks.done")),
  /** A page in use does not leave: the recycler leaves segments alone that are being cleaned. */
  CLEANED_SEGMENTS_ARE_NOT_RECYCLED(
      instead("evacuator.Recycler", "SegmentTable.state", "Breaks.closedThoughCleaned")),
  /** No lost update: dirty pages are written. */
  DIRTY_PAGES_ARE_WRITTEN(answer("evacuator.Evictor", "FrameTable.dirty", "Breaks.no")),
  /** No lost update: dirty is looked at after the grace period. */
  DIRTY_IS_READ_AFTER_GRACE(
      instead("evacuator.Victim", "PageTable.unmap", "Breaks.unmapAndLookAtDirty"),
      instead("evacuator.Evictor", "FrameTable.dirty", "Breaks.dirtyWhenUnmapped")),
  /** No lost update: the frame is given back after the acknowledgement. */
  FRAMES_GO_AFTER_THE_ACKNOWLEDGEMENT(
      instead("evacuator.Evictor", "PageTrip.poll", "Breaks.done"),
      instead("evacuator.Evictor", "PageTrip.write", "Breaks.endTheLastAndWrite")),
  /** No lost update: far memory acknowledges what it has stored; see {@link RuleBreaker}. */
  FAR_MEMORY_ACKNOWLEDGES_WHAT_IT_HAS,
  /** One truth: a copy is installed by compare-and-set on the place that was copied. */
  COPIES_ARE_INSTALLED_BY_COMPARE_AND_SET(
      instead(
          "allocator.Relocation#install", "RecordTable.relocate", "Breaks.installWhateverIsThere")),
  /** One truth: who installs a copy takes the old one out of the count. */
  THE_OLD_COPY_IS_COUNTED_OUT(
      instead("allocator.Relocation#install", "SegmentTable.removeLive", "Breaks.doNotCount")),
  /** No stale access: a free raises the generation. */
  A_FREE_RAISES_THE_GENERATION(
      answer("allocator.RecordTable#recycle", "OwnerWord.generation", "Breaks.oneLess")),
  /** No stale access: a read without a scope looks at both words again. */
  READS_WITHOUT_A_SCOPE_CHECK_AGAIN(
      answer("internal.HeapCore#read", "PageWord.same", "Breaks.yes"),
      answer("internal.HeapCore#read", "PlaceWord.same", "Breaks.yes")),
  /** No stale access: a dead page's frame waits for the scopes. */
  RECYCLING_WAITS_FOR_SCOPES(answer("evacuator.Recycler", "Grace.passed", "Breaks.yes")),
  /** No stale access: a dead page's frame stays while it is pinned. */
  RECYCLING_RESPECTS_PINS(
      answer("allocator.HeapMemory#recycleRun", "FrameTable.pins", "Breaks.zero")),
  /** Bounded: every frame that a page leaves goes back to the pool. */
  FRAMES_COME_BACK(
      instead("evacuator.Evictor#leave", "HeapMemory.giveFrames", "Breaks.keepTheFrames"));

  @SuppressWarnings("ImmutableEnumChecker") // it is a List.of
  private final List<Splice> splices;

  Rule(Splice... splices) {
    this.splices = List.of(splices);
  }

  /** What leaves the rule out. */
  List<Splice> splices() {
    return splices;
  }
}
