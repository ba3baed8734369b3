package io.farheap.transport.session;

import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.slab.TransferCounts;
import java.util.concurrent.locks.LockSupport;

/**
 * One thing that is asked of a server on one of the ways to it: a piece of a transfer, or something
 * of its own.
 *
 * <pre>
 *                  ┌──── way lost, may be sent again ────┐
 *                  ▼                                     │
 *   (new) ──► IN BACKLOG ───sent───► IN RING ──answered──► over: done, failed
 *                  └──────────── given up ───────────────► over
 * </pre>
 *
 * <p>Once it is submitted, whatever is not volatile is guarded by a lock of its way. A transfer
 * that needs several pieces has a whole that counts them. An abandoned whole's pieces keep their
 * places in the ring, since their answers still come, but touch nothing any more.
 */
public abstract class Piece {
  @SuppressWarnings("StaticAssignmentOfThrowable") // Loaded before it is needed.
  private static final TransportTimeoutException WITHOUT_WORDS =
      TransportTimeoutException.withoutWords();

  /** How a server is reached; used by whoever waits for a piece, on his own thread. */
  public interface Way {
    /** Sends what waits to be sent. */
    void flush();

    /** Looks for answers, unless another thread is about it; never blocks. */
    void receive();

    /** Sends and looks for answers, as often as a thread that waits likes. */
    void look();

    /**
     * How long a thread that waits should look without a pause.
     *
     * @return nanoseconds
     */
    long spinNanos();

    /** Says that a thread waits without looking; somebody else looks until {@link #unpark}. */
    void park();

    /** The thread waits no more. */
    void unpark();

    /**
     * The time by which pieces are submitted and given up.
     *
     * @return nanoseconds from an arbitrary origin
     */
    default long nanoTime() {
      return System.nanoTime();
    }

    /**
     * Lets the calling thread rest between its looks, perhaps for less.
     *
     * @param nanos how long; 0 only lets other threads go first
     */
    default void pause(long nanos) {
      Surroundings.THIS_PROCESS.pause(nanos);
    }

    /**
     * The number of the session that it belongs to now.
     *
     * @return a number that grows
     */
    long session();

    /**
     * Gives up a whole, whose pieces touch nothing afterwards. Needs no memory until that is so.
     *
     * @param whole what was submitted here
     * @return false if only the end of the session can stop what is under way
     */
    boolean giveUp(Piece whole);
  }

  private final Transfer transfer;
  private final TransferCounts counts;
  private final Piece whole;

  /** The next one in the {@link Backlog} that holds this. */
  Piece next;

  private Way way;
  private long submittedNanos;

  /** Pieces that are not over yet, and the first failure of one; of the whole only. */
  private int piecesLeft = 1;

  private TransportException failure;
  private volatile boolean over;
  private volatile boolean abandoned;
  private volatile Thread waiter;

  /**
   * A piece of a transfer.
   *
   * @param transfer the transfer
   * @param whole what counts its pieces; null if this is the whole of it
   * @param counts where the transfer is counted
   */
  protected Piece(Transfer transfer, Piece whole, TransferCounts counts) {
    this.transfer = transfer;
    this.whole = whole == null ? this : whole;
    this.counts = counts;
  }

  /** Something that is no transfer. */
  protected Piece() {
    this(null, null, null);
  }

  /**
   * The transfer.
   *
   * @return the transfer of which this is a piece, or null
   */
  public final Transfer transfer() {
    return transfer;
  }

  /**
   * Whether this is a piece of that whole, or the whole itself.
   *
   * @param other a whole
   * @return true if so
   */
  @SuppressWarnings("ReferenceEquality") // Each piece is one of its own.
  public final boolean isOf(Piece other) {
    return whole == other;
  }

  /**
   * Whether it can serve another use of its transfer.
   *
   * @return true if it is over, was the only piece, and nobody looks at it any more
   */
  final boolean isReusable() {
    return over && !abandoned && piecesLeft == 0 && isOf(this);
  }

  /** Prepares the object for a further use; it is over, and no way knows it any more. */
  protected final void reset() {
    piecesLeft = 1;
    failure = null;
    waiter = null;
    over = false;
  }

  /** How many pieces there are; of a whole that is none itself, before they are submitted. */
  final void pieces(int count) {
    piecesLeft = count;
  }

  /**
   * Names the way before it is submitted there.
   *
   * @param chosen one of the ways to the server
   */
  public final void start(Way chosen) {
    way = chosen;
    submittedNanos = chosen.nanoTime();
  }

  /**
   * The way.
   *
   * @return where it was submitted
   */
  public final Way way() {
    return way;
  }

  /**
   * When it was submitted.
   *
   * @return a reading of {@link Way#nanoTime}
   */
  public final long submittedNanos() {
    return submittedNanos;
  }

  /**
   * Names a failure of it, unless it has one already.
   *
   * @param why the failure
   */
  public final void fail(TransportException why) {
    if (failure == null) {
      failure = why;
    }
  }

  /**
   * Why it has failed.
   *
   * @return the failure, or null
   */
  public final TransportException failure() {
    return failure;
  }

  /** It is over, one way or the other, and the whole with its last piece. */
  public final void finish() {
    if (!isOf(this)) {
      if (failure != null) {
        whole.fail(failure);
      }
      end();
    }
    if (--whole.piecesLeft == 0) {
      try {
        if (transfer != null && !whole.abandoned) {
          counts.completed(transfer, whole.failure);
        }
      } finally {
        whole.end();
      }
    }
  }

  /** Of the whole: nothing of it touches anything from here on. */
  public final void abandon() {
    abandoned = true;
  }

  /**
   * Ends what was abandoned.
   *
   * @param forgotten how many of its pieces were taken out of the backlog
   */
  public final void endAbandoned(int forgotten) {
    piecesLeft -= forgotten;
    try {
      failure = givenUp();
    } catch (RuntimeException | Error e) {
      failure = WITHOUT_WORDS;
    }
    if (transfer != null && !transfer.isComplete()) {
      transfer.fail(failure);
    }
    if (piecesLeft == 0) {
      end();
    }
  }

  /**
   * Why it failed, now that it is given up.
   *
   * @return a failure that says so
   */
  protected TransportTimeoutException givenUp() {
    return TransportTimeoutException.fenced(transfer);
  }

  /**
   * Whether it was given up.
   *
   * @return true if nothing of the whole may touch anything any more
   */
  public final boolean isAbandoned() {
    return whole.abandoned;
  }

  /**
   * Whether it is over.
   *
   * @return true at the very last
   */
  public final boolean isOver() {
    return over;
  }

  /** Names the thread that is to be woken when this is over; null for none. */
  final void waiter(Thread thread) {
    waiter = thread;
  }

  /** What is to be done with the answer, on whichever thread has found it; nothing by default. */
  protected void answered() {}

  /** Marks it as over and wakes who waits; the last thing that is done with it. */
  private void end() {
    answered();
    over = true;
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
