package io.farheap.apps.memcached.work;

import io.farheap.apps.memcached.store.DeleteRequest;
import io.farheap.apps.memcached.store.DeltaRequest;
import io.farheap.apps.memcached.store.GetRequest;
import io.farheap.apps.memcached.store.ItemInfo;
import io.farheap.apps.memcached.store.ItemKey;
import io.farheap.apps.memcached.store.ItemSink;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.store.Outcome;
import io.farheap.apps.memcached.store.SetRequest;
import io.farheap.error.FarHeapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one request is told and answered with, there once for each thread that carries requests out,
 * so that a request allocates nothing. A protocol fills in the key and what to do with it, runs it,
 * and replies what came of it.
 */
public final class Workspace {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);

  /** What all connections share. */
  public final ServerShared server;

  /** The items. */
  public final ItemStore store;

  /** What goes back to the client. */
  public final Reply reply = new Reply();

  /** Whose item is meant. */
  public final ItemKey key = new ItemKey();

  /** What is known of the item once the request was run. */
  public final ItemInfo info = new ItemInfo();

  /** How {@link #runGet} reads. */
  public final GetRequest get = new GetRequest();

  /** What {@link #runSet} stores. */
  public final SetRequest set = new SetRequest();

  /** What {@link #runDelta} adds. */
  public final DeltaRequest delta = new DeltaRequest();

  /** What {@link #runDelete} forgets. */
  public final DeleteRequest delete = new DeleteRequest();

  private final long[] counts;
  private boolean mayWait;

  /** A workspace for one thread at a time, whose counts are summed up with the server's. */
  public Workspace(ServerShared server) {
    this.server = server;
    this.store = server.store();
    this.counts = server.counts().begin();
  }

  /** Says whether the thread may wait for far memory. */
  public void letWait(boolean waits) {
    mayWait = waits;
  }

  /**
   * Reads the item.
   *
   * @param found is shown it, within the scope that holds it; null for nobody
   */
  public Outcome runGet(ItemSink found) {
    return store.get(key, get, found, info, mayWait);
  }

  /** Stores the item. */
  public Outcome runSet() {
    return store.set(key, set, info, mayWait);
  }

  /** Adds to the item's number. */
  public Outcome runDelta() {
    return store.delta(key, delta, info, mayWait);
  }

  /** Forgets the item. */
  public Outcome runDelete() {
    return store.delete(key, delete, info, mayWait);
  }

  /** Counts one. */
  public void count(Count what) {
    counts[what.place()]++;
  }

  /** Counts some. */
  public void count(Count what, long howMuch) {
    counts[what.place()] += howMuch;
  }

  /** Whether a failure is far memory's, to be told to the client; others are logged. */
  public boolean isFarFailure(RuntimeException failure) {
    count(Count.REQUEST_FAILURES);
    if (failure instanceof FarHeapException) {
      LOG.debug("far memory failed", failure);
      return true;
    }
    LOG.error("a request failed", failure);
    return false;
  }
}
