package io.farheap.apps.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Loads one server. Its connections stay open between runs, and what was stored is remembered, so
 * that every value read is known to be right: of that key, whole, and no older than the last store
 * that was answered before the read was sent. One run at a time.
 */
public final class LoadGenerator implements AutoCloseable {
  /** Requests under way on each connection while keys are stored or read one by one. */
  private static final int RANGE_DEPTH = 16;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long MOST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LoadSettings settings;
  private final KeyText texts;
  private final ValueBytes values;
  private final List<LoadWorker> workers = new ArrayList<>();
  private final ExecutorService threads;
  private boolean spoilt;

  /**
   * Connects.
   *
   * @param settings whom to load with what
   * @throws LoadException if the server cannot be reached
   */
  public LoadGenerator(LoadSettings settings) {
    this.settings = settings;
    Shape shape = settings.shape();
    texts = new KeyText(settings.keys(), shape.keySizes(), settings.seed());
    values = new ValueBytes(shape.valueSizes(), shape.resize(), settings.seed());
    KeyStates states = new KeyStates(settings.keys());
    Connection.Target target = new Connection.Target(texts, values, states, settings.fill());
    threads =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().name("load-", 0).daemon().factory());
    int depth = Math.max(RANGE_DEPTH, settings.depth());
    boolean made = false;
    try {
      for (int i = 0; i < settings.threads(); i++) {
        workers.add(new LoadWorker(settings, target, depth, i));
      }
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  /** What one worker does in a run. */
  private interface Work {
    LoadTally run(LoadWorker worker, int index);
  }

  /**
   * Stores every key once.
   *
   * @return what that took; keys that the server did not take count as errors
   * @throws LoadException if the server goes away
   */
  public LoadResult store() {
    return range(true, 0);
  }

  /**
   * Stores every key once, no faster than said: some servers forget what comes too fast.
   *
   * @param operationsPerSecond how many keys a second at most, of all threads together
   * @return what that took; keys that the server did not take count as errors
   * @throws LoadException if the server goes away
   */
  public LoadResult store(double operationsPerSecond) {
    return range(true, gapNanos(operationsPerSecond));
  }

  /**
   * Reads every key once.
   *
   * @return what that took, and how many keys are there
   * @throws LoadException if the server goes away
   * @throws WrongValueException if it answers a wrong value
   */
  public LoadResult readAll() {
    return range(false, 0);
  }

  private LoadResult range(boolean store, double gapNanos) {
    return run(
        (worker, index) ->
            worker.range(from(index), from(index + 1), store, gapNanos, RANGE_DEPTH));
  }

  private double gapNanos(double operationsPerSecond) {
    if (!(operationsPerSecond > 0)) {
      throw new IllegalArgumentException(
          "a rate of " + operationsPerSecond + " operations per second; want more than 0");
    }
    return NANOS_PER_SECOND * settings.threads() / operationsPerSecond;
  }

  private int from(int index) {
    return (int) ((long) settings.keys() * index / settings.threads());
  }

  /**
   * A closed loop: as many requests under way as the settings say, each followed by the next as
   * soon as it is answered. Shows how much a server can do; its latencies are those of a server
   * with nothing else to do than to hurry.
   *
   * @param duration how long
   * @return what was found
   * @throws LoadException if the server goes away
   * @throws WrongValueException if it answers a wrong value
   */
  public LoadResult closed(Duration duration) {
    return closed(duration, settings.depth());
  }

  /**
   * A closed loop with fewer requests under way than the settings say.
   *
   * @param duration how long
   * @param depth requests under way on each connection
   * @return what was found
   * @throws LoadException if the server goes away
   * @throws WrongValueException if it answers a wrong value
   */
  public LoadResult closed(Duration duration, int depth) {
    if (depth < 1 || depth > settings.depth()) {
      throw new IllegalArgumentException(
          "depth is " + depth + ", want 1 to the settings' " + settings.depth());
    }
    long endNanos = System.nanoTime() + duration.toNanos();
    return run((worker, index) -> worker.closed(endNanos, depth));
  }

  /**
   * An open loop: requests at random times (a Poisson process), whether or not the server keeps up.
   * Latencies count from the time at which a request was due, so a server that stalls is charged
   * for everything that waited meanwhile.
   *
   * @param duration how long
   * @param operationsPerSecond how many requests a second, of all threads together
   * @return what was found
   * @throws LoadException if the server goes away
   * @throws WrongValueException if it answers a wrong value
   */
  public LoadResult open(Duration duration, double operationsPerSecond) {
    double gapNanos = gapNanos(operationsPerSecond);
    long graceNanos = Math.min(MOST_GRACE_NANOS, duration.toNanos());
    long endNanos = System.nanoTime() + duration.toNanos();
    return run((worker, index) -> worker.open(endNanos, gapNanos, graceNanos, settings.depth()));
  }

  private LoadResult run(Work work) {
    if (spoilt) {
      throw new IllegalStateException("an earlier run has failed; make a new load");
    }
    spoilt = true;
    long startNanos = System.nanoTime();
    List<Callable<LoadTally>> parts = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      LoadWorker worker = workers.get(i);
      int index = i;
      parts.add(() -> work.run(worker, index));
    }
    LoadTally all = new LoadTally();
    try {
      for (Future<LoadTally> part : threads.invokeAll(parts)) {
        all.add(part.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a thread of the load has failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("the load was interrupted");
    }
    spoilt = false;
    return LoadResult.of(System.nanoTime() - startNanos, all);
  }

  /**
   * What the keys and values hold as they were first stored.
   *
   * @return bytes, without anything around them
   */
  public long itemBytes() {
    long bytes = 0;
    for (int key = 0; key < settings.keys(); key++) {
      bytes += texts.length(key) + values.length(key, 1);
    }
    return bytes;
  }

  /** Closes the connections. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      // A thread that is still at work would use memory that is gone.
      while (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    workers.forEach(LoadWorker::close);
    texts.close();
    values.close();
  }
}
