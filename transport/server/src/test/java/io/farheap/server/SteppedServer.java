package io.farheap.server;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The parts of a memory server without its sockets and threads, for whoever drives them himself.
 */
public final class SteppedServer {
  private final ServerState state;
  private final Ticker ticker;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /**
   * A server that has just started.
   *
   * @param clock its only one
   * @param random makes the ids of leases
   * @param workers carries out what takes long
   */
  public SteppedServer(
      ServerConfig config,
      SlabBacking backing,
      LongSupplier clock,
      SecureRandom random,
      Executor workers) {
    SlabStore slabs = new SlabStore(backing, config.slabs(), config.slabBytes());
    byte[] serverId = new byte[16];
    random.nextBytes(serverId);
    long leaseNanos = TimeUnit.MILLISECONDS.toNanos(config.leaseMillis());
    this.ticker = new ClockTicker(clock, clock.getAsLong());
    this.state =
        new ServerState(
            config,
            serverId,
            slabs,
            new LeaseTable(slabs, leaseNanos, random, clock.getAsLong()),
            new Tenants(config.tokenFile(), config.slabs() * config.slabBytes()),
            Map.of("echo", argument -> argument),
            new ServerCounters(),
            () -> new byte[0],
            0,
            clock,
            random,
            workers,
            Optional.empty());
  }

  /** Memory as a server has it that was told of no other. */
  public static SlabBacking nativeBacking(ServerConfig config) {
    return new NativeBacking(config.slabs(), config.slabBytes());
  }

  /** A new connection, with all that a server's connections have. */
  public EmbeddedChannel accept() {
    ChannelInitializer<?> pipeline = new ServerPipeline(state, null, channels);
    return EmbeddedChannel.builder().ticker(ticker).handlers(pipeline).build();
  }

  /** Looks at the leases, as a server does every now and then. */
  public void expire() {
    state.leases().expire(state.clock().getAsLong());
  }

  /** Slabs that are allocated, as the store counts them. */
  public int allocated() {
    return state.slabs().allocated();
  }

  /** Slabs that are free, as the one tenant's quota counts them. */
  public int free() {
    return (int) (state.slabs().freeBytes(state.tenants().everybody()) / state.slabs().slabBytes());
  }

  /** Ends all leases. */
  public void close() {
    state.leases().close();
  }

  /** Netty's schedules know no time before 0. */
  private record ClockTicker(LongSupplier clock, long startNanos) implements Ticker {
    @Override
    public long initialNanoTime() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return clock.getAsLong() - startNanos;
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
      throw new UnsupportedOperationException("nobody sleeps on the only thread");
    }
  }
}
