package io.farheap.transport.session;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A link through TLS. The buffers of each direction belong to whoever uses that direction; the
 * engine itself allows one thread in each.
 */
final class TlsLink implements Link {
  private static final long HANDSHAKE_PAUSE_NANOS = 50_000;
  private static final int RECORDS_AT_ONCE = 4;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** Encrypted bytes that came in, from position 0; in filling mode between calls. */
  private final ByteBuffer incoming;

  /** Decrypted bytes that nobody has taken yet; in draining mode between calls. */
  private final ByteBuffer decrypted;

  /** Encrypted bytes that the system has not taken yet; in draining mode between calls. */
  private final ByteBuffer outgoing;

  private volatile boolean unsent;

  TlsLink(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    this.incoming = ByteBuffer.allocateDirect(RECORDS_AT_ONCE * packet);
    this.decrypted = ByteBuffer.allocateDirect(packet).limit(0);
    this.outgoing = ByteBuffer.allocateDirect(RECORDS_AT_ONCE * packet).limit(0);
  }

  /** Lets the sides get to know each other. */
  void handshake(long deadlineNanos) throws IOException {
    engine.beginHandshake();
    ByteBuffer nothing = ByteBuffer.allocate(0);
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> {
          wrap(nothing);
          send();
        }
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrapOne()) {
            send();
            pause(deadlineNanos);
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          if (!unsent) {
            return;
          }
          send();
          pause(deadlineNanos);
        }
      }
    }
  }

  private void pause(long deadlineNanos) throws IOException {
    if (System.nanoTime() - deadlineNanos >= 0) {
      throw new SSLException("the TLS handshake was not over in time");
    }
    LockSupport.parkNanos(HANDSHAKE_PAUSE_NANOS);
  }

  private void runTasks() {
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
    }
  }

  /** Handles one record, or reads if there is no whole one; false if nothing came. */
  private boolean unwrapOne() throws IOException {
    incoming.flip();
    decrypted.compact();
    SSLEngineResult result = engine.unwrap(incoming, decrypted);
    incoming.compact();
    decrypted.flip();
    return switch (result.getStatus()) {
      case OK -> {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
          runTasks();
        }
        yield true;
      }
      case BUFFER_UNDERFLOW -> {
        int count = channel.read(incoming);
        if (count < 0) {
          throw new EOFException("the server ended the connection");
        }
        yield count > 0;
      }
      case BUFFER_OVERFLOW -> true;
      case CLOSED -> throw new EOFException("the server ended the TLS session");
    };
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int before = to.position();
    while (to.hasRemaining()) {
      if (decrypted.hasRemaining()) {
        int count = Math.min(to.remaining(), decrypted.remaining());
        to.put(to.position(), decrypted, decrypted.position(), count);
        to.position(to.position() + count);
        decrypted.position(decrypted.position() + count);
      } else if (!unwrapOne()) {
        break;
      }
    }
    return to.position() - before;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    send();
    while (from.hasRemaining() && !unsent) {
      wrap(from);
      send();
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    outgoing.compact();
    try {
      boolean room = true;
      do {
        SSLEngineResult result = engine.wrap(from, outgoing);
        room = result.getStatus() == SSLEngineResult.Status.OK;
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new EOFException("the TLS session is closed");
        }
      } while (room && from.hasRemaining());
    } finally {
      outgoing.flip();
    }
    unsent = outgoing.hasRemaining();
  }

  private void send() throws IOException {
    if (unsent) {
      channel.write(outgoing);
      unsent = outgoing.hasRemaining();
    }
  }

  @Override
  public boolean hasUnsent() {
    return unsent;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    new PlainLink(channel).close();
  }
}
