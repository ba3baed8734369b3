package io.farheap.transport.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.transport.Transfer;
import io.farheap.transport.slab.TransferCounts;
import io.farheap.transport.wire.Defect;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Status;
import io.farheap.transport.wire.WireException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies reach the requests that they answer, and no others. */
class InboxTest {
  private static final int SHORT_BYTES = 512;
  private static final int LONG_BYTES = 40_000;

  private final Arena arena = Arena.ofConfined();
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private final ArrayDeque<byte[]> arriving = new ArrayDeque<>();
  private final List<EventKind> happened = new ArrayList<>();
  private final Inbox inbox =
      new Inbox(
          waiting::peek,
          (request, frame, subject, payload) -> {
            request.take(subject, payload);
            waiting.remove();
          },
          happened::add);

  /** Gives what arrives piece by piece, as much as is asked for. */
  private final Link link =
      new Link() {
        @Override
        public int read(ByteBuffer to) {
          byte[] next = arriving.poll();
          if (next == null) {
            return 0;
          }
          int count = Math.min(next.length, to.remaining());
          to.put(next, 0, count);
          if (count < next.length) {
            arriving.addFirst(Arrays.copyOfRange(next, count, next.length));
          }
          return count;
        }

        @Override
        public void write(ByteBuffer from) {
          throw new AssertionError("nothing is written");
        }

        @Override
        public boolean hasUnsent() {
          return false;
        }

        @Override
        public SocketChannel channel() {
          throw new AssertionError("nobody waits");
        }

        @Override
        public void close() {
          throw new AssertionError("nobody closes");
        }
      };

  @AfterEach
  void freeLocal() {
    arena.close();
  }

  private MemorySegment expect(int sequence, int lengthBytes, boolean failing) {
    MemorySegment local = arena.allocate(lengthBytes);
    Transfer transfer = new Transfer().read(0, 0, local.address(), lengthBytes);
    Request request =
        new Request(transfer, null, new TransferCounts()) {
          private boolean failed;

          @Override
          protected void take(long ofSubject, ByteBuffer content) {
            if (failing && !failed) {
              failed = true;
              throw new StackOverflowError("on purpose");
            }
            super.take(ofSubject, content);
          }
        };
    request.aim(new ServerSlab(0, 0), 0, lengthBytes);
    request.sequence = sequence;
    waiting.add(request);
    return local;
  }

  private static byte[] reply(int sequence, int lengthBytes, int content) {
    int frameBytes = FrameLayout.HEADER_BYTES + lengthBytes;
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    Arrays.fill(frame.array(), (byte) content);
    FrameLayout.putHeader(
        frame, 0, frameBytes, Opcode.READ, FrameLayout.REPLY, Status.OK, sequence, 0, 0, 0);
    new FrameChecksum().seal(frame, 0, frameBytes);
    return frame.array();
  }

  private static byte[] bytes(MemorySegment local) {
    return local.toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] filled(int lengthBytes, int content) {
    byte[] bytes = new byte[lengthBytes];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {SHORT_BYTES, LONG_BYTES})
  void aReplyToAnotherRequestIsNotTakenForThisOnes(int lengthBytes) throws Exception {
    inbox.begin(FrameChecker.ofReplies());
    MemorySegment first = expect(0, lengthBytes, true);
    MemorySegment second = expect(1, lengthBytes, false);
    arriving.add(reply(0, SHORT_BYTES, 7));
    assertThrows(StackOverflowError.class, () -> inbox.readFrom(link));
    byte[] reply = reply(1, lengthBytes, 8);
    arriving.add(Arrays.copyOf(reply, FrameLayout.HEADER_BYTES + 10));
    arriving.add(Arrays.copyOfRange(reply, FrameLayout.HEADER_BYTES + 10, reply.length));
    WireException e =
        assertThrows(
            WireException.class,
            () -> {
              while (!arriving.isEmpty()) {
                inbox.readFrom(link);
              }
            });
    assertEquals(Defect.BAD_SEQUENCE, e.defect(), e.getMessage());
    assertArrayEquals(new byte[lengthBytes], bytes(first));
    assertArrayEquals(new byte[lengthBytes], bytes(second));
  }

  @Test
  void whatIsDivertedGoesNowhereAndTheNextReplyIsRight() throws Exception {
    inbox.begin(FrameChecker.ofReplies());
    MemorySegment first = expect(0, LONG_BYTES, false);
    MemorySegment second = expect(1, LONG_BYTES, false);
    byte[] reply = reply(0, LONG_BYTES, 7);
    arriving.add(Arrays.copyOf(reply, 10_000));
    inbox.readFrom(link);
    assertEquals(7, first.get(ValueLayout.JAVA_BYTE, 9_000));
    Request given = waiting.peek();
    given.abandon();
    inbox.divert(given);
    first.fill((byte) 3);
    arriving.add(Arrays.copyOfRange(reply, 10_000, reply.length));
    arriving.add(reply(1, LONG_BYTES, 8));
    while (!waiting.isEmpty()) {
      inbox.readFrom(link);
    }
    assertArrayEquals(filled(LONG_BYTES, 3), bytes(first));
    assertArrayEquals(filled(LONG_BYTES, 8), bytes(second));
  }

  private static byte[] event(int number, long kind) {
    ByteBuffer frame = ByteBuffer.allocate(FrameLayout.HEADER_BYTES);
    FrameLayout.putHeader(
        frame,
        0,
        FrameLayout.HEADER_BYTES,
        Opcode.EVENT,
        FrameLayout.EVENT,
        Status.OK,
        number,
        kind,
        0,
        0);
    new FrameChecksum().seal(frame, 0, FrameLayout.HEADER_BYTES);
    return frame.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {SHORT_BYTES, LONG_BYTES})
  void whatTheServerSaysUnaskedIsNobodysReply(int lengthBytes) throws Exception {
    inbox.begin(FrameChecker.ofReplies());
    MemorySegment first = expect(0, lengthBytes, false);
    MemorySegment second = expect(1, lengthBytes, false);
    arriving.add(event(0, EventKind.DRAINING.code()));
    arriving.add(reply(0, lengthBytes, 7));
    arriving.add(event(1, 1L << 40)); // of a later release
    arriving.add(event(2, EventKind.DRAINING.code()));
    arriving.add(reply(1, lengthBytes, 9));
    while (!arriving.isEmpty()) {
      inbox.readFrom(link);
    }
    assertArrayEquals(filled(lengthBytes, 7), bytes(first));
    assertArrayEquals(filled(lengthBytes, 9), bytes(second));
    assertEquals(List.of(EventKind.DRAINING, EventKind.DRAINING), happened);
  }
}
