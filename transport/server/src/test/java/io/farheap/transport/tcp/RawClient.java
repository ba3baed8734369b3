package io.farheap.transport.tcp;

import io.farheap.transport.wire.Attach;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.Challenge;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Message;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client that says whatever a test wants it to say. */
final class RawClient implements AutoCloseable {
  static final byte[] NEW_LEASE = new byte[Protocol.ID_BYTES];
  static final byte[] NO_PROOF = new byte[Protocol.PROOF_BYTES];
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final FrameChecker checker = FrameChecker.ofReplies();
  private final List<EventKind> events = new ArrayList<>();
  private int sequence;

  RawClient(InetSocketAddress server) throws IOException {
    this(new Socket(server.getAddress(), server.getPort()));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** What a server answered. */
  record Reply(Status status, long subject, ByteBuffer payload) {
    String message() {
      return Message.decode(payload);
    }
  }

  static byte[] frame(
      Opcode opcode, int sequence, long subject, int offset, int lengthBytes, byte[] payload) {
    int headerBytes = FrameLayout.headerBytes(opcode);
    int frameBytes = headerBytes + payload.length;
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    frame.put(headerBytes, payload);
    FrameLayout.putHeader(
        frame, 0, frameBytes, opcode, 0, Status.OK, sequence, subject, offset, lengthBytes);
    new FrameChecksum().seal(frame, 0, frameBytes);
    return frame.array();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Nothing more is sent; the server sees the end of the stream. */
  void finishSending() throws IOException {
    socket.shutdownOutput();
  }

  int nextSequence() {
    return sequence++;
  }

  /** The next reply; what comes unasked before it is kept. */
  Reply receive() throws IOException {
    while (true) {
      byte[] prefix = new byte[FrameLayout.PREFIX_BYTES];
      in.readFully(prefix);
      int frameBytes = FrameChecker.frameBytes(ByteBuffer.wrap(prefix), 0, 1 << 20);
      ByteBuffer frame = ByteBuffer.allocate(frameBytes).put(prefix);
      in.readFully(frame.array(), prefix.length, frameBytes - prefix.length);
      checker.check(frame, 0, frameBytes);
      long subject = FrameLayout.subject(frame, 0);
      if (checker.opcode() != Opcode.EVENT) {
        return new Reply(checker.status(), subject, FrameLayout.payload(frame, 0, frameBytes));
      }
      events.add(EventKind.of(subject));
    }
  }

  /** What the server has said unasked, as far as it was received. */
  List<EventKind> events() {
    return events;
  }

  Reply ask(Opcode opcode, long subject, int offset, int lengthBytes, byte[] payload)
      throws IOException {
    send(frame(opcode, nextSequence(), subject, offset, lengthBytes, payload));
    return receive();
  }

  Reply ask(Opcode opcode, long subject) throws IOException {
    return ask(opcode, subject, 0, 0, new byte[0]);
  }

  Challenge hello(Hello hello) throws IOException {
    return Challenge.decode(ask(Opcode.HELLO, 0, 0, 0, hello.encode()).payload());
  }

  Reply attach(byte[] proof, byte[] lease, long session) throws IOException {
    return ask(Opcode.ATTACH, 0, 0, 0, new Attach(proof, lease, session).encode());
  }

  /** Says hello without a token, and attaches. */
  Attached attach(byte[] lease, long session) throws IOException {
    hello(new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], ""));
    Reply reply = attach(NO_PROOF, lease, session);
    if (reply.status() != Status.OK) {
      throw new IOException(reply.status() + " " + reply.message());
    }
    return Attached.decode(reply.payload());
  }

  /** Whether the server has ended the connection; waits for it. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
