package io.farheap.apps.load;

import io.farheap.apps.random.Mixer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A thread's part of a load: its connections, and the loop that serves them. */
final class LoadWorker implements AutoCloseable {
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often a paced range looks whether more is due. */
  private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Reads of a whole range ask for so many keys at once. */
  private static final int RANGE_KEYS = 1;

  private final Sockets sockets = new Sockets();
  private final Connection[] connections;
  private final KeyPicker picker;
  private final SplittableRandom random;
  private final KeyStates states;
  private final LoadSettings settings;
  private LoadTally tally = new LoadTally();
  private int underWay;
  private int turn;

  LoadWorker(LoadSettings settings, Connection.Target target, int depth, int index) {
    this.settings = settings;
    this.states = target.states();
    Shape shape = settings.shape();
    long seed = Mixer.hash(settings.seed() + index);
    this.random = new SplittableRandom(seed);
    this.picker =
        new KeyPicker(
            settings.keys(), shape.skew(), shape.churnOperations() / settings.threads(), seed + 1);
    int least = settings.connections() / settings.threads();
    int extra = index < settings.connections() % settings.threads() ? 1 : 0;
    this.connections = new Connection[least + extra];
    boolean made = false;
    try {
      for (int i = 0; i < connections.length; i++) {
        connections[i] =
            new Connection(sockets, settings.server(), i, target, depth, shape.multiget());
      }
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  /** Gives out work for keys from one number to another, each once. */
  private final class Range {
    private int next;
    private final int end;
    private final boolean store;
    private final double gapNanos;
    private double dueNanos;

    Range(int from, int end, boolean store, double gapNanos) {
      this.next = from;
      this.end = end;
      this.store = store;
      this.gapNanos = gapNanos;
      this.dueNanos = gapNanos == 0 ? 0 : System.nanoTime();
    }

    boolean isDone() {
      return next >= end;
    }

    boolean issue(Connection connection, long now) {
      if (next >= end || (gapNanos > 0 && now < dueNanos)) {
        return false;
      }
      dueNanos += gapNanos;
      if (!store) {
        connection.getRange(next, RANGE_KEYS, now);
        next += RANGE_KEYS;
        return true;
      }
      int version = states.begin(next);
      if (version == 0) {
        throw new IllegalStateException("key " + next + " is being stored by somebody else");
      }
      connection.set(next++, version, now);
      return true;
    }
  }

  /**
   * Stores or reads keys of a range, each once, with so many requests under way and at least so
   * many nanoseconds apart on average.
   */
  LoadTally range(int from, int end, boolean store, double gapNanos, int depth) {
    Range range = new Range(from, end, store, gapNanos);
    begin();
    long heardNanos = System.nanoTime();
    do {
      long now = System.nanoTime();
      for (Connection connection : connections) {
        refill(range, connection, depth, now);
      }
      boolean paced = gapNanos > 0 && !range.isDone();
      int events = sockets.await(paced ? PACE_NANOS : WAIT_NANOS);
      for (int i = 0; i < events; i++) {
        Connection connection = serve(i);
        if (!paced) {
          refill(range, connection, depth, System.nanoTime());
        }
        connection.forgetMissed();
      }
      heardNanos = underWay == 0 ? System.nanoTime() : heard(events, heardNanos);
    } while (underWay > 0 || !range.isDone());
    return end();
  }

  private void refill(Range range, Connection connection, int depth, long now) {
    while (connection.underWay() < depth && range.issue(connection, now)) {
      underWay++;
    }
    connection.flush(tally);
  }

  /** Keeps so many requests under way until a time. */
  LoadTally closed(long endNanos, int depth) {
    begin();
    long now = System.nanoTime();
    for (Connection connection : connections) {
      refill(connection, depth, now);
    }
    long heardNanos = now;
    while (underWay > 0) {
      int events = sockets.await(WAIT_NANOS);
      for (int i = 0; i < events; i++) {
        Connection connection = serve(i);
        now = System.nanoTime();
        if (now - endNanos < 0) {
          refill(connection, depth, now);
        } else {
          connection.flush(tally);
        }
      }
      heardNanos = heard(events, heardNanos);
    }
    return end();
  }

  private void refill(Connection connection, int depth, long now) {
    while (connection.underWay() < depth) {
      if (!storeMissed(connection, now)) {
        issue(connection, now);
      }
    }
    connection.flush(tally);
  }

  /**
   * Sends requests at random times, on average so many nanoseconds apart, whatever the server does;
   * latencies count from those times. What was due before the end is still sent for a while after
   * it.
   */
  LoadTally open(long endNanos, double meanGapNanos, long graceNanos, int depth) {
    begin();
    long dueNanos = System.nanoTime() + gap(meanGapNanos);
    long heardNanos = System.nanoTime();
    while (dueNanos - endNanos < 0 || underWay > 0) {
      long now = System.nanoTime();
      if (now - endNanos > graceNanos && dueNanos - endNanos < 0) {
        tally.unsent += Math.round((endNanos - dueNanos) / meanGapNanos);
        dueNanos = endNanos;
      }
      Connection free = free(depth);
      while (dueNanos - now <= 0 && dueNanos - endNanos < 0 && free != null) {
        LoadTally.record(tally.lagNanos, now - dueNanos);
        issue(free, dueNanos);
        dueNanos += gap(meanGapNanos);
        if (dueNanos - now > 0 || free.underWay() >= depth || connections.length > 1) {
          free.flush(tally);
          free = free(depth);
        }
      }
      long wait = free == null || dueNanos - endNanos >= 0 ? WAIT_NANOS : dueNanos - now;
      int events = sockets.await(Math.clamp(wait, 0, WAIT_NANOS));
      for (int i = 0; i < events; i++) {
        Connection connection = serve(i);
        now = System.nanoTime();
        boolean filling = now - endNanos < 0;
        while (filling && connection.underWay() < depth) {
          filling = storeMissed(connection, now);
        }
        connection.flush(tally);
      }
      heardNanos = underWay == 0 ? System.nanoTime() : heard(events, heardNanos);
    }
    return end();
  }

  private long gap(double meanGapNanos) {
    return (long) (-Math.log1p(-random.nextDouble()) * meanGapNanos);
  }

  /** The next connection in turn that has room for a request, or null. */
  private Connection free(int depth) {
    for (int i = 0; i < connections.length; i++) {
      turn = turn + 1 == connections.length ? 0 : turn + 1;
      if (connections[turn].underWay() < depth) {
        return connections[turn];
      }
    }
    return null;
  }

  private void begin() {
    tally = new LoadTally();
    underWay = 0;
    for (Connection connection : connections) {
      connection.forgetMissed();
    }
    sockets.waitExactly();
    tally.cpuNanos = -THREADS.getCurrentThreadCpuTime();
  }

  private LoadTally end() {
    tally.cpuNanos += THREADS.getCurrentThreadCpuTime();
    return tally;
  }

  private Connection serve(int event) {
    Connection connection = connections[sockets.tag(event)];
    int before = connection.underWay();
    if ((sockets.what(event) & ~Sockets.WRITABLE) != 0) {
      connection.receive(tally);
    }
    underWay -= before - connection.underWay();
    return connection;
  }

  private static long heard(int events, long heardNanos) {
    long now = System.nanoTime();
    if (events == 0 && now - heardNanos > SILENCE_NANOS) {
      throw new LoadException("the server has not answered for 10 seconds");
    }
    return events == 0 ? heardNanos : now;
  }

  private boolean storeMissed(Connection connection, long now) {
    int key = connection.takeMissed();
    int version = key < 0 ? 0 : states.begin(key);
    if (version == 0) {
      return false;
    }
    connection.set(key, version, now);
    underWay++;
    return true;
  }

  private void issue(Connection connection, long startNanos) {
    Shape shape = settings.shape();
    underWay++;
    if (shape.getShare() < 1 && random.nextDouble() >= shape.getShare()) {
      int key = picker.next();
      int version = states.begin(key);
      if (version != 0) {
        connection.set(key, version, startNanos);
        return;
      }
      // Somebody else is storing it; a read takes its place.
    }
    connection.get(picker, shape.multiget(), startNanos);
  }

  @Override
  public void close() {
    for (Connection connection : connections) {
      if (connection != null) {
        connection.close();
      }
    }
    sockets.close();
  }
}
