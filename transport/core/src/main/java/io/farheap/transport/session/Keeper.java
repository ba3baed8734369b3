package io.farheap.transport.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a session. It reads for those who wait without reading, sends what the system
 * did not take at once, and makes its rounds: signs of life, silence, and requests that have waited
 * too long. While callers read for themselves it sleeps between its rounds.
 */
final class Keeper implements Surroundings.LaneKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long ROUND_MILLIS = 100;
  private static final long STOP_MILLIS = 5_000;

  private final LongConsumer round;
  private final Selector selector;
  private final Queue<Lane> wanted = new ConcurrentLinkedQueue<>();
  private final Set<Lane> lanes = new HashSet<>();
  private final Thread thread;
  private long nextRoundNanos = System.nanoTime();
  private volatile boolean stopped;

  /**
   * A keeper that is not started.
   *
   * @param round is made now and then; gets a reading of {@link System#nanoTime}
   */
  Keeper(LongConsumer round) {
    this.round = round;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector; check the limit of open files", e);
    }
    this.thread = Thread.ofPlatform().daemon().name("farheap-tcp").unstarted(this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void watch(Lane lane) {
    if (lane.watched().compareAndSet(false, true)) {
      wanted.add(lane);
      selector.wakeup();
    }
  }

  @Override
  public void stop() {
    stopped = true;
    selector.wakeup();
    try {
      if (!Thread.currentThread().equals(thread)) {
        thread.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!stopped) {
        try {
          turn();
        } catch (IOException | RuntimeException | Error e) {
          note(e);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn() throws IOException {
    long nowNanos = System.nanoTime();
    if (nowNanos - nextRoundNanos >= 0) {
      nextRoundNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
      makeRound(nowNanos);
    }
    setInterests();
    selector.select(ROUND_MILLIS);
    Set<SelectionKey> selected = selector.selectedKeys();
    for (SelectionKey key : selected) {
      Lane lane = (Lane) key.attachment();
      lane.flush();
      lane.receiveSurely();
    }
    selected.clear();
  }

  private void makeRound(long nowNanos) {
    try {
      round.accept(nowNanos);
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  /** Says what went wrong, and goes on: without rounds every lease would run out. */
  private static void note(Throwable failure) {
    try {
      LOG.error("a turn of the keeper failed; it goes on", failure);
    } catch (OutOfMemoryError e) {
      // There is no memory even to say so.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS));
    }
  }

  private void setInterests() {
    for (Lane lane = wanted.poll(); lane != null; lane = wanted.poll()) {
      lanes.add(lane);
    }
    lanes.removeIf(lane -> !setInterest(lane));
  }

  /** Asks for what the lane needs; false if it needs nothing more. */
  private boolean setInterest(Lane lane) {
    int interest =
        (lane.hasParked() ? SelectionKey.OP_READ : 0)
            | (lane.isBlocked() ? SelectionKey.OP_WRITE : 0);
    SocketChannel channel = lane.channel();
    try {
      if (channel != null) {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
          channel.register(selector, interest, lane);
        } else if (key.interestOps() != interest) {
          key.interestOps(interest);
        }
      }
    } catch (ClosedChannelException | CancelledKeyException e) {
      // The link was replaced or lost meanwhile; the next turn finds the new one.
      return lane.needsKeeper() || release(lane);
    }
    return interest != 0 || release(lane);
  }

  /** Lets a lane go, unless it needs the keeper again; false if it is gone. */
  private boolean release(Lane lane) {
    lane.watched().set(false);
    return lane.needsKeeper() && lane.watched().compareAndSet(false, true);
  }
}
