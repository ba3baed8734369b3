package io.farheap.transport.session;

import io.farheap.transport.FarMemoryStatistics;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.slab.TransferCounts;
import java.util.function.LongSupplier;

/**
 * How transfers reach a server in pieces, whatever carries them: they are checked, cut, sent on the
 * calling thread's way, waited for, given up and counted.
 *
 * @param <S> what is known of a slab
 * @param <P> a piece of a transfer
 * @param <W> what carries pieces
 */
public abstract class DataPlane<S extends ServerSlab, P extends Piece, W extends Piece.Way> {
  private static final long FENCE_NANOS = 500_000_000;

  @SuppressWarnings("StaticAssignmentOfThrowable") // It has no trace.
  private static final LinkFailure FENCED = new LinkFailure("a transfer was fenced");

  private final ServerControl<S> control;
  private final Presence presence;
  private final TransferCounts counts = new TransferCounts();

  /**
   * A plane to the slabs of a server.
   *
   * @param control the server
   * @param presence of what carries the pieces
   */
  protected DataPlane(ServerControl<S> control, Presence presence) {
    this.control = control;
    this.presence = presence;
  }

  /**
   * The way for pieces of the calling thread.
   *
   * @return always the same for the same thread
   */
  protected abstract W way();

  /**
   * Most bytes of one piece.
   *
   * @param transfer a transfer in range
   * @return bytes, more than 0
   */
  protected abstract int pieceBytes(Transfer transfer);

  /**
   * Makes a piece, or takes the one of the transfer's last use if it can serve again.
   *
   * @param transfer the transfer
   * @param last that of the last use; null if it cannot serve again or a further piece is needed
   * @param whole what counts the pieces; null for the only one
   * @return a piece
   */
  protected abstract P piece(Transfer transfer, Piece last, P whole);

  /**
   * Says which part of its transfer a piece is.
   *
   * @param piece a piece
   * @param slab the transfer's slab
   * @param from first byte of the part
   * @param lengthBytes bytes of the part
   */
  protected abstract void aim(P piece, S slab, int from, int lengthBytes);

  /**
   * Submits a piece.
   *
   * @param way on which it was started
   * @param piece aimed
   */
  protected abstract void send(W way, P piece);

  /**
   * Whether a fenced transfer gets some time before the session is ended for it.
   *
   * @param transfer in flight
   * @return false if it can be given up at once in any case
   */
  protected abstract boolean deservesTime(Transfer transfer);

  /**
   * Where transfers are counted.
   *
   * @return the counts
   */
  public final TransferCounts counts() {
    return counts;
  }

  /**
   * What was copied, with what is known of slabs.
   *
   * @return a snapshot
   */
  public final FarMemoryStatistics statistics() {
    return control.statistics(counts);
  }

  /**
   * Starts a transfer. What needs memory comes first: whatever is thrown then, the transfer is not
   * in flight.
   *
   * @param transfer filled
   */
  public final void submit(Transfer transfer) {
    transfer.requireIdle();
    S slab = control.find(transfer.slab());
    TransportException refusal =
        control.isClosed() ? Refusals.closed() : Refusals.of(transfer, slab, control.slabBytes());
    if (refusal != null || transfer.lengthBytes() == 0) {
      transfer.start();
      counts.completed(transfer, refusal);
      return;
    }
    int lengthBytes = transfer.lengthBytes();
    int pieceBytes = pieceBytes(transfer);
    P whole = piece(transfer, lastPiece(transfer), null);
    if (lengthBytes <= pieceBytes) {
      aim(whole, slab, 0, lengthBytes);
      W way = way();
      start(transfer, whole, way);
      send(way, whole);
    } else {
      submitPieces(transfer, slab, whole, pieceBytes);
    }
  }

  private static Piece lastPiece(Transfer transfer) {
    return transfer.attachment() instanceof Piece last
            && transfer.equals(last.transfer())
            && last.isReusable()
        ? last
        : null;
  }

  /** From now on the transfer is in flight, and can be fenced. */
  private static void start(Transfer transfer, Piece whole, Piece.Way way) {
    whole.start(way);
    transfer.attachment(whole);
    transfer.start();
  }

  /** A long transfer goes in several pieces, on one way. */
  private void submitPieces(Transfer transfer, S slab, P whole, int pieceBytes) {
    int lengthBytes = transfer.lengthBytes();
    W way = way();
    int count = Math.ceilDiv(lengthBytes, pieceBytes);
    Backlog<P> pieces = new Backlog<>();
    for (int i = 0; i < count; i++) {
      int from = i * pieceBytes;
      P piece = piece(transfer, null, whole);
      aim(piece, slab, from, Math.min(pieceBytes, lengthBytes - from));
      piece.start(way);
      pieces.add(piece);
    }
    whole.pieces(count);
    start(transfer, whole, way);
    for (P piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      send(way, piece);
    }
  }

  /**
   * Looks whether a transfer is complete.
   *
   * @param transfer submitted here
   * @return true once it is
   */
  public final boolean poll(Transfer transfer) {
    if (transfer.isComplete()) {
      return true;
    }
    whole(transfer).way().look();
    return transfer.isComplete();
  }

  /**
   * Waits for a transfer.
   *
   * @param transfer submitted here
   * @param deadlineNanos until when, by the clock
   * @param clock nanoseconds from an arbitrary origin
   * @throws TransportTimeoutException if it is not complete by then; it has been fenced
   * @throws TransportException the transfer's own failure
   */
  public final void await(Transfer transfer, long deadlineNanos, LongSupplier clock) {
    if (!transfer.isComplete()) {
      long startNanos = clock.getAsLong();
      Piece whole = whole(transfer);
      whole.way().flush();
      Waits.untilOver(whole, deadlineNanos, clock);
      if (!transfer.isComplete()) {
        fence(transfer);
        if (!transfer.isDone()) {
          throw new TransportTimeoutException(
              transfer
                  + " was not complete after "
                  + (clock.getAsLong() - startNanos)
                  + " ns; it is fenced and may be issued again");
        }
      }
    }
    TransportException failure = transfer.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Gives a transfer up. What may still be carried out gets some time; then the whole session is
   * ended, after which nothing of it is.
   *
   * @param transfer submitted here
   */
  public final void fence(Transfer transfer) {
    if (transfer.state() != Transfer.IN_FLIGHT) {
      return;
    }
    Piece whole = whole(transfer);
    try {
      if (presence.isPresent() && deservesTime(transfer)) {
        whole.way().flush();
        Piece.Way way = whole.way();
        Waits.untilOver(whole, way.nanoTime() + FENCE_NANOS, way::nanoTime);
      }
    } finally {
      // Also when an error has ended the waiting: what is thrown on then finds the transfer over.
      giveUp(whole);
    }
  }

  /**
   * Gives up a whole: afterwards it touches nothing any more.
   *
   * @param whole submitted here
   */
  @SuppressWarnings("ThreadPriorityCheck") // Another thread is about to end the same session.
  public final void giveUp(Piece whole) {
    Piece.Way way = whole.way();
    while (!way.giveUp(whole)) {
      presence.lost(way.session(), FENCED);
      Thread.yield();
    }
    presence.settle();
  }

  private static Piece whole(Transfer transfer) {
    transfer.requireSubmitted();
    if (transfer.attachment() instanceof Piece whole && transfer.equals(whole.transfer())) {
      return whole;
    }
    throw new IllegalStateException(transfer + " was submitted to another far memory");
  }
}
