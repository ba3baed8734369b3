package io.farheap.transport.simulation;

import io.farheap.server.ServerConfig;
import io.farheap.server.SteppedServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The process of the memory server, in steps of the {@link World}; it can be stopped and killed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel of this kind is closed at once.
final class ServerProcess {
  static final int SLAB_BYTES = 64 << 10;
  static final int SLABS = 5;
  private static final int MOST_READ_BYTES = 64 << 10;

  private final World world;
  private final ServerConfig config;
  private final Map<Connection, ServedConnection> connections = new LinkedHashMap<>();
  private SkewedClock clock;

  /** Null while the process does not run. */
  private SteppedServer server;

  private ServerTruth truth;
  private ServedConnection serving;
  private long stoppedUntilNanos;
  private int life;
  private long stamps;

  ServerProcess(World world) {
    this.world = world;
    // In the shorter times silence ends a session before a fence does.
    boolean longTimes = world.chance(3);
    this.config =
        ServerConfig.insecure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                (long) SLABS * SLAB_BYTES,
                SLAB_BYTES)
            .withTimes(longTimes ? 2_500 : 800, longTimes ? 1_000 : 320);
    start();
  }

  private void start() {
    clock = new SkewedClock(world);
    truth = new ServerTruth(world, clock, leaseNanos(), SteppedServer.nativeBacking(config));
    server = new SteppedServer(config, truth, clock, new SeededIds(world), this::workLater);
    life++;
    checkLater(life);
  }

  /** A number that was not drawn before. */
  long stamp() {
    return ++stamps;
  }

  /** How long the slabs of a silent client are kept. */
  long leaseNanos() {
    return config.leaseMillis() * World.MILLI;
  }

  ServerTruth truth() {
    return truth;
  }

  boolean isUp() {
    return server != null;
  }

  long stoppedUntil() {
    return stoppedUntilNanos;
  }

  void stopFor(long nanos) {
    stoppedUntilNanos = world.now() + nanos;
  }

  /** Ends the process; another one is started later. */
  void killFor(long nanos) {
    end();
    world.after(nanos, this::start);
  }

  /** Ends the process for good. */
  void end() {
    connections.keySet().forEach(connection -> connection.toClient().cut());
    connections.values().forEach(served -> served.channel().close());
    connections.clear();
    truth.ends();
    server.close();
    truth.close();
    server = null;
  }

  void accept(Connection connection) {
    connections.put(connection, new ServedConnection(connection, server.accept()));
  }

  /** Something has come in. */
  void ready(Connection connection) {
    ServedConnection served = connections.get(connection);
    if (served != null) {
      serve(served);
    }
  }

  private void serve(ServedConnection served) {
    EmbeddedChannel channel = served.channel();
    while (channel.isOpen() && channel.config().isAutoRead()) {
      byte[] bytes = served.connection().toServer().take(MOST_READ_BYTES);
      if (bytes == null) {
        break;
      }
      if (bytes.length == 0) {
        channel.close();
      } else {
        serving = served;
        truth.asks(served);
        long startNanos = clock.getAsLong();
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        // What takes long is answered later.
        if (answer(served) || !channel.config().isAutoRead()) {
          truth.heard(served, startNanos);
        }
      }
    }
    check(served);
  }

  /** Sends what the server has to say; true if a request was answered. */
  private boolean answer(ServedConnection served) {
    boolean answered = false;
    ByteBuf reply = served.channel().readOutbound();
    while (reply != null) {
      byte[] bytes = new byte[reply.readableBytes()];
      reply.readBytes(bytes);
      reply.release();
      answered |= truth.answered(served, bytes);
      served.connection().toClient().send(bytes);
      reply = served.channel().readOutbound();
    }
    return answered;
  }

  private void check(ServedConnection served) {
    if (!served.channel().isOpen()) {
      served.connection().toClient().end();
      connections.remove(served.connection());
    }
    int allocated = server.allocated();
    world.require(
        allocated == truth.allocated() && allocated + server.free() == SLABS,
        "the server counts %d slabs as allocated and %d as free; %d of %d are in use"
            .formatted(allocated, server.free(), truth.allocated(), SLABS));
  }

  /** The server's worker: a thread of its own, which does one task after the other. */
  private void workLater(Runnable task) {
    ServedConnection asking = serving;
    int ofLife = life;
    world.after(world.skewed(World.MICRO, 3 * World.MILLI), () -> work(task, asking, ofLife));
  }

  private void work(Runnable task, ServedConnection asking, int ofLife) {
    if (server == null || ofLife != life) {
      return;
    }
    if (stoppedUntilNanos > world.now()) {
      world.after(stoppedUntilNanos - world.now(), () -> work(task, asking, ofLife));
      return;
    }
    truth.asks(asking);
    task.run();
    asking.channel().runPendingTasks();
    boolean _ = answer(asking);
    serve(asking);
  }

  private void checkLater(int ofLife) {
    world.after(clock.worldNanos(leaseNanos() / 20), () -> checkLeases(ofLife));
  }

  private void checkLeases(int ofLife) {
    if (server == null || ofLife != life) {
      return;
    }
    if (stoppedUntilNanos > world.now()) {
      world.after(stoppedUntilNanos - world.now(), () -> checkLeases(ofLife));
      return;
    }
    truth.asks(null);
    server.expire();
    for (ServedConnection served : new ArrayList<>(connections.values())) {
      served.channel().runPendingTasks();
      boolean _ = answer(served);
      check(served);
    }
    checkLater(ofLife);
  }

  /** Ids that come from the seed. */
  private static final class SeededIds extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient World world;

    SeededIds(World world) {
      this.world = world;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) world.below(1 << Byte.SIZE);
      }
    }
  }
}
