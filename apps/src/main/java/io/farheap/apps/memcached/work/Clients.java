package io.farheap.apps.memcached.work;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The clients that are connected, and how many ever were. */
public final class Clients {
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger connected = new AtomicInteger();
  private final LongAdder everConnected = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  /**
   * Counts a new connection in, unless it is one too many.
   *
   * @param most how many may be connected at once
   * @return false if it has to be turned away
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the closing of a channel does not fail
  public boolean admit(Channel channel, int most) {
    if (connected.incrementAndGet() > most) {
      connected.decrementAndGet();
      rejected.increment();
      return false;
    }
    everConnected.increment();
    channels.add(channel);
    channel.closeFuture().addListener(closed -> connected.decrementAndGet());
    return true;
  }

  /** Ends all connections. */
  public ChannelGroupFuture closeAll() {
    return channels.close();
  }

  /** Connections at this moment. */
  int connected() {
    return connected.get();
  }

  /** Connections since the start, or since {@link #resetTotals}. */
  long everConnected() {
    return everConnected.sum();
  }

  /** Connections that were turned away, likewise. */
  long rejected() {
    return rejected.sum();
  }

  /** Lets the totals begin anew. */
  void resetTotals() {
    everConnected.reset();
    rejected.reset();
  }

  /** Adds what is known of each connection. */
  void describe(Map<String, String> figures) {
    for (Channel channel : channels) {
      String id = channel.id().asShortText();
      figures.put(id + ":addr", "tcp:" + text(channel.remoteAddress()));
      figures.put(id + ":listen_addr", "tcp:" + text(channel.localAddress()));
      figures.put(id + ":state", channel.config().isAutoRead() ? "conn_read" : "conn_waiting");
    }
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "unknown";
  }
}
