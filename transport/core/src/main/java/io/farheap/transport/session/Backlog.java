package io.farheap.transport.session;

import io.farheap.transport.TransportException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits to be sent, in its order. The pieces are linked through themselves, so that no change
 * of it needs memory: a connection is ended, and a transfer fenced, also when there is none.
 * Guarded by the locks of its way.
 *
 * @param <P> what waits
 */
public final class Backlog<P extends Piece> {
  private P first;
  private P last;
  private int size;

  /** Nothing waits yet. */
  public Backlog() {}

  /**
   * Whether nothing waits.
   *
   * @return true if so
   */
  public boolean isEmpty() {
    return first == null;
  }

  /**
   * The first.
   *
   * @return what is to be sent next, or null
   */
  public P peek() {
    return first;
  }

  /**
   * Removes the first.
   *
   * @return what is to be sent now, or null
   */
  @SuppressWarnings("unchecked") // Only add() and prepend() link pieces.
  public P poll() {
    P piece = first;
    if (piece != null) {
      first = (P) piece.next;
      last = first == null ? null : last;
      piece.next = null;
      size--;
    }
    return piece;
  }

  /**
   * Adds a piece behind the others.
   *
   * @param piece in no backlog
   */
  public void add(P piece) {
    if (last == null) {
      first = piece;
    } else {
      last.next = piece;
    }
    last = piece;
    size++;
  }

  /**
   * Puts all that another one has before what is here.
   *
   * @param other empty afterwards
   */
  public void prepend(Backlog<P> other) {
    if (other.first == null) {
      return;
    }
    other.last.next = first;
    last = last == null ? other.last : last;
    first = other.first;
    size += other.size;
    other.first = null;
    other.last = null;
    other.size = 0;
  }

  /**
   * Removes the pieces of a whole.
   *
   * @param whole a whole
   * @return how many there were
   */
  public int removePiecesOf(Piece whole) {
    int before = size;
    for (int left = before; left > 0; left--) {
      P piece = poll();
      if (!piece.isOf(whole)) {
        add(piece);
      }
    }
    return before - size;
  }

  /**
   * Fails what waits and fits.
   *
   * @param which what is to fail
   * @param why its failure
   */
  public void fail(Predicate<P> which, Function<P, ? extends TransportException> why) {
    for (int left = size; left > 0; left--) {
      P piece = first;
      if (which.test(piece)) {
        piece.fail(why.apply(piece));
        poll();
        piece.finish();
      } else {
        add(poll());
      }
    }
  }
}
