package io.farheap.apps.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;

/** Just enough of a memcached to be loaded, which can be told to go wrong. */
final class TinyServer implements AutoCloseable {
  /** What is kept of a key: the words after the key in a get's answer, and the bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Item(String words, byte[] value) {}

  final Map<String, Item> items = new ConcurrentHashMap<>();
  final AtomicInteger gets = new AtomicInteger();
  final AtomicInteger sets = new AtomicInteger();

  /** What is kept, from what was there (null for nothing) and what comes. */
  volatile BinaryOperator<Item> onSet = (old, item) -> item;

  /** What answers instead of STORED. */
  volatile String setAnswer = "STORED";

  /** How many bytes leave in one write. */
  volatile int piece = Integer.MAX_VALUE;

  /** After how many gets connections are closed. */
  volatile int closesAfter = Integer.MAX_VALUE;

  private final ServerSocket listener;

  TinyServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String[] words = line.split(" ", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (words[0].equals("get")) {
          if (gets.incrementAndGet() > closesAfter) {
            return;
          }
          for (int i = 1; i < words.length; i++) {
            Item item = items.get(words[i]);
            if (item != null) {
              out.write(("VALUE " + words[i] + " " + item.words + "\r\n").getBytes(ascii()));
              out.write(item.value);
              out.write("\r\n".getBytes(ascii()));
            }
          }
          out.write("END\r\n".getBytes(ascii()));
        } else {
          byte[] value = in.readNBytes(Integer.parseInt(words[4]));
          in.readNBytes(2);
          sets.incrementAndGet();
          Item item = new Item(words[2] + " " + words[4], value);
          items.compute(words[1], (key, old) -> onSet.apply(old, item));
          out.write((setAnswer + "\r\n").getBytes(ascii()));
        }
        send(socket.getOutputStream(), out.toByteArray());
      }
    } catch (IOException e) {
      // The load has gone.
    }
  }

  private void send(OutputStream out, byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
      out.write(bytes, at, Math.min(piece, bytes.length - at));
    }
  }

  private static Charset ascii() {
    return StandardCharsets.US_ASCII;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int letter = in.read(); letter >= 0 && letter != '\n'; letter = in.read()) {
      line.append((char) letter);
    }
    return line.toString().strip();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
