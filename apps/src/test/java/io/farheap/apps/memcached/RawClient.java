package io.farheap.apps.memcached;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A connection on which bytes are sent as they are. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final byte[] MARK = "mn\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MARK_REPLY = "MN\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket = new Socket();
  private boolean ended;

  RawClient(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  Socket socket() {
    return socket;
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What is answered to a request of the text protocol, until the connection waits for another. */
  byte[] exchange(byte[] request) throws IOException {
    byte[] marked = Arrays.copyOf(request, request.length + MARK.length);
    System.arraycopy(MARK, 0, marked, request.length, MARK.length);
    send(marked);
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    while (true) {
      int read = readOrEnd(buffer);
      if (read < 0) {
        ended = true;
        return reply.toByteArray();
      }
      reply.write(buffer, 0, read);
      byte[] all = reply.toByteArray();
      // What the request itself has of marks is answered too, and maybe in packets of its own.
      if (endsWithMark(all) && marks(all, "MN") > marks(request, "mn")) {
        return Arrays.copyOf(all, all.length - MARK_REPLY.length);
      }
    }
  }

  /** Lines that begin with a word. */
  private static long marks(byte[] text, String word) {
    return new String(text, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.equals(word) || line.startsWith(word + " "))
        .count();
  }

  private static boolean endsWithMark(byte[] all) {
    int from = all.length - MARK_REPLY.length;
    return from >= 0 && Arrays.equals(all, from, all.length, MARK_REPLY, 0, MARK_REPLY.length);
  }

  String exchange(String request) throws IOException {
    return new String(
        exchange(request.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
  }

  private int readOrEnd(byte[] buffer) throws IOException {
    try {
      return socket.getInputStream().read(buffer);
    } catch (java.net.SocketException e) {
      return -1; // reset, since it did not read all
    }
  }

  /** Whether the other side ended the connection during an exchange. */
  boolean isEnded() {
    return ended;
  }

  byte[] read(int bytes) throws IOException {
    byte[] read = socket.getInputStream().readNBytes(bytes);
    if (read.length < bytes) {
      throw new IOException("the connection ended after " + read.length + " of " + bytes);
    }
    return read;
  }

  /** Everything until the other side ends the connection. */
  byte[] readAll() throws IOException {
    InputStream in = socket.getInputStream();
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
