package io.farheap.transport.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bad network between a client and a server on this machine. */
public final class Proxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final List<Pipe> pipes = new CopyOnWriteArrayList<>();
  private volatile boolean accepting = true;
  private volatile double flipsPerBuffer;
  private volatile double cutsPerBuffer;
  private volatile SplittableRandom seeds = new SplittableRandom(1);

  /** Listens on some port and leads to the target. */
  public Proxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (!accepting) {
          client.close();
          continue;
        }
        lead(client);
      } catch (IOException e) {
        assert listener.isClosed() : e;
      }
    }
  }

  /** Connects a client to the target, or turns it away where that does not answer. */
  private void lead(Socket client) throws IOException {
    try {
      Socket server = new Socket(target.getAddress(), target.getPort());
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start(new Pipe(client, server, false, seeds.split()));
      start(new Pipe(server, client, true, seeds.split()));
    } catch (IOException e) {
      client.close();
    }
  }

  private void start(Pipe pipe) {
    pipes.add(pipe);
    Thread.ofPlatform().daemon().name("proxy-pipe").start(pipe);
  }

  /** Damages bits, and cuts connections, with some probability for each buffer that passes. */
  void misbehave(long seed, double flips, double cuts) {
    seeds = new SplittableRandom(seed);
    flipsPerBuffer = flips;
    cutsPerBuffer = cuts;
  }

  /** Ends all connections; new ones are made if {@code accept} says so. */
  void cut(boolean accept) {
    accepting = accept;
    pipes.forEach(Pipe::end);
    pipes.clear();
  }

  void accept(boolean accept) {
    accepting = accept;
  }

  /** Lets nothing through on the connections that there are now, until {@link Held#release}. */
  Held hold() {
    return hold(List.copyOf(pipes), 0);
  }

  /** As {@link #hold()}, on one of the connections that were made last, in their order. */
  Held hold(int connection, int ofLast) {
    int from = pipes.size() - 2 * (ofLast - connection);
    return hold(List.copyOf(pipes.subList(from, from + 2)), 0);
  }

  /** As {@link #hold()}, but some bytes that the target answers on each connection get through. */
  Held holdAnswers(int afterBytes) {
    return hold(pipes.stream().filter(Pipe::answers).toList(), afterBytes);
  }

  private static Held hold(List<Pipe> held, int afterBytes) {
    held.forEach(pipe -> pipe.hold(afterBytes));
    return () -> held.forEach(Pipe::release);
  }

  /** Connections on which nothing passes. */
  interface Held {
    void release();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut(false);
  }

  private final class Pipe implements Runnable {
    private final Socket from;
    private final Socket to;
    private final boolean answers;
    private final SplittableRandom random;
    private boolean held;
    private int letThrough;
    private volatile boolean ended;

    Pipe(Socket from, Socket to, boolean answers, SplittableRandom random) {
      this.from = from;
      this.to = to;
      this.answers = answers;
      this.random = random;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int count;
        while ((count = in.read(buffer)) >= 0) {
          int through = awaitRelease(count, 0);
          if (through > 0) {
            out.write(buffer, 0, through);
            out.flush();
            awaitRelease(count, through);
          }
          if (random.nextDouble() < flipsPerBuffer) {
            buffer[random.nextInt(count)] ^= (byte) (1 << random.nextInt(8));
          }
          if (random.nextDouble() < cutsPerBuffer) {
            out.write(buffer, through, random.nextInt(count - through));
            break;
          }
          out.write(buffer, through, count - through);
          out.flush();
        }
      } catch (IOException | InterruptedException e) {
        ended = true;
      }
      // One side has ended the connection; so does the other now.
      close(from);
      close(to);
    }

    boolean answers() {
      return answers;
    }

    /** How many of the bytes may pass before the release; 0 once it has come. */
    private synchronized int awaitRelease(int count, int passed) throws InterruptedException {
      while (held && !ended) {
        int through = Math.min(letThrough, count - passed - 1);
        if (through > 0) {
          letThrough -= through;
          return through;
        }
        wait();
      }
      return 0;
    }

    synchronized void hold(int afterBytes) {
      held = true;
      letThrough = afterBytes;
    }

    synchronized void release() {
      held = false;
      notifyAll();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
      close(from);
      close(to);
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        assert socket.isClosed();
      }
    }
  }
}
