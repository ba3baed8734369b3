package io.farheap.transport.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Sockets, the system's clock, and threads. */
final class ThisProcess implements Surroundings {
  @Override
  public Link connect(ServerAddress server, long mostNanos) throws IOException {
    SocketChannel channel = SocketChannel.open();
    boolean connected = false;
    try {
      channel
          .socket()
          .connect(
              new InetSocketAddress(server.host(), server.port()),
              (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(mostNanos)));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      connected = true;
      return new PlainLink(channel);
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // Yielding is a stage of waiting, not a means of order.
  public void pause(long nanos) {
    if (nanos == 0) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(nanos);
    }
  }

  @Override
  public long caller() {
    return Thread.currentThread().threadId();
  }

  @Override
  public Background background(String name, LongSupplier step) {
    return new BackgroundThread(name, step);
  }

  @Override
  public LaneKeeper keeper(LongConsumer round) {
    return new Keeper(round);
  }

  /** A thread that does steps until there are none. */
  private static final class BackgroundThread implements Background {
    private final Thread thread;

    BackgroundThread(String name, LongSupplier step) {
      thread = Thread.ofPlatform().daemon().name(name).start(() -> run(step));
    }

    private static void run(LongSupplier step) {
      for (long pause = step.getAsLong(); pause != OVER; pause = step.getAsLong()) {
        LockSupport.parkNanos(pause);
      }
    }

    @Override
    public boolean isAlive() {
      return thread.isAlive();
    }

    @Override
    public void awaitEnd(long mostMillis) {
      LockSupport.unpark(thread);
      try {
        thread.join(mostMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
