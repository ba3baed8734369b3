package io.farheap.transport.tcp;

/**
 * Requests that wait to be sent, in their order. They are linked through themselves, so that no
 * change of it needs memory: a connection is ended, and a transfer fenced, also when there is none.
 * Guarded by the lane's locks.
 */
final class Backlog {
  private Request first;
  private Request last;
  private int size;

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  /** The first, or null. */
  Request peek() {
    return first;
  }

  /** Removes the first; null if there is none. */
  Request poll() {
    Request request = first;
    if (request != null) {
      first = request.next;
      last = first == null ? null : last;
      request.next = null;
      size--;
    }
    return request;
  }

  void add(Request request) {
    if (last == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
    size++;
  }

  /** Puts all that another one has before what is here. */
  void prepend(Backlog other) {
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

  /** Removes the pieces of a whole; answers how many. */
  int removePiecesOf(Request whole) {
    int before = size;
    for (int left = before; left > 0; left--) {
      Request request = poll();
      if (!request.isOf(whole)) {
        add(request);
      }
    }
    return before - size;
  }
}
