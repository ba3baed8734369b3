package io.farheap.internal;

import io.farheap.transport.Transfer;

/** One miss of several that are under way together; see {@link Residence#begin}. */
final class Miss {
  final Transfer transfer = new Transfer();

  /** The object's record, and its place when it was found remote. */
  long index;

  long place;
  int bodyBytes;

  /** Whether its whole page comes, into {@link #frame}; otherwise it alone, to {@link #target}. */
  boolean paging;

  int frame;
  long target;
  long startNanos;
}
