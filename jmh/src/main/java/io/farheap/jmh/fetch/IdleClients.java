package io.farheap.jmh.fetch;

import io.farheap.transport.wire.Attach;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Clients that attach to a memory server and then say nothing. */
public final class IdleClients implements AutoCloseable {
  private static final int MAX_REPLY_BYTES = 4096;

  private final List<SocketChannel> channels = new ArrayList<>();

  /**
   * Attaches clients, each with a lease of its own.
   *
   * @param port of a memory server that wants neither TLS nor a token
   * @param count how many
   */
  public IdleClients(int port, int count) {
    boolean attached = false;
    try {
      for (int i = 0; i < count; i++) {
        channels.add(
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        attach(channels.getLast());
      }
      attached = true;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "client " + channels.size() + " of " + count + " could not attach", e);
    } finally {
      if (!attached) {
        close();
      }
    }
  }

  /**
   * How many there are.
   *
   * @return attached clients
   */
  public int size() {
    return channels.size();
  }

  /**
   * Attaches clients and disconnects them.
   *
   * @param port of a memory server that wants neither TLS nor a token
   * @param count how many
   */
  public static void comeAndGo(int port, int count) {
    new IdleClients(port, count).close();
  }

  private static void attach(SocketChannel channel) throws IOException {
    FrameChecker checker = FrameChecker.ofReplies();
    byte[] none = new byte[Protocol.ID_BYTES];
    Hello hello = new Hello(Protocol.VERSION, Protocol.VERSION, 0, none, "");
    ask(channel, checker, Opcode.HELLO, 0, hello.encode());
    Attach attach = new Attach(new byte[Protocol.PROOF_BYTES], none, 1);
    ask(channel, checker, Opcode.ATTACH, 1, attach.encode());
  }

  private static void ask(
      SocketChannel channel, FrameChecker checker, Opcode opcode, int sequence, byte[] payload)
      throws IOException {
    int headerBytes = FrameLayout.headerBytes(opcode);
    int frameBytes = headerBytes + payload.length;
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    FrameLayout.putHeader(frame, 0, frameBytes, opcode, 0, Status.OK, sequence, 0, 0, 0);
    frame.put(headerBytes, payload);
    new FrameChecksum().seal(frame, 0, frameBytes);
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
    ByteBuffer prefix = read(channel, ByteBuffer.allocate(FrameLayout.PREFIX_BYTES));
    int replyBytes = FrameChecker.frameBytes(prefix, 0, MAX_REPLY_BYTES);
    ByteBuffer reply = ByteBuffer.allocate(replyBytes).put(prefix.flip());
    checker.check(read(channel, reply), 0, replyBytes);
    if (checker.status() != Status.OK) {
      throw new IOException("the server refuses " + opcode + ": " + checker.status());
    }
  }

  private static ByteBuffer read(SocketChannel channel, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the server ended the connection");
      }
    }
    return into;
  }

  @Override
  public void close() {
    for (SocketChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
