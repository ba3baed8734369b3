package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** The first that a client says to a server. */
final class Greeting {
  private static final int WAIT_SECONDS = 30;

  private Greeting() {}

  /** Says HELLO, and fails unless the server answers. */
  static void say(URI locator) throws IOException {
    byte[] hello =
        new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], "").encode();
    byte[] frame = new byte[FrameLayout.HELLO_HEADER_BYTES + hello.length];
    ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    FrameLayout.putHeader(bytes, 0, frame.length, Opcode.HELLO, 0, Status.OK, 0, 0, 0, 0);
    bytes.put(FrameLayout.HELLO_HEADER_BYTES, hello);
    new FrameChecksum().seal(bytes, 0, frame.length);
    try (Socket socket = new Socket(locator.getHost(), locator.getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      socket.getOutputStream().write(frame);
      byte[] header = new byte[FrameLayout.HELLO_HEADER_BYTES];
      new DataInputStream(socket.getInputStream()).readFully(header);
      // Opcode, flags and status.
      ByteBuffer reply = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      int at = FrameLayout.PREFIX_BYTES;
      assertEquals(Opcode.HELLO.code(), reply.get(at));
      assertEquals(FrameLayout.REPLY, reply.get(at + 1));
      assertEquals(Status.OK.code(), reply.getShort(at + 2));
    }
  }
}
