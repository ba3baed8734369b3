package io.farheap.transport.session;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.slab.TransferCounts;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A request to a server in a frame, and its reply. */
public class Request extends Piece {
  private static final byte[] NOTHING = new byte[0];

  // The local range of a transfer was checked when it was submitted.
  private static final MemorySegment ALL = NativeMemory.ALL;

  final Opcode opcode;

  /** What is sent besides the header, unless it is the local memory of a transfer. */
  private final byte[] payload;

  /** What is done with the reply, on whichever thread reads it; or null. */
  private final Consumer<Request> onReply;

  /** The slab, or null if it concerns none. */
  private ServerSlab slab;

  long subject;
  int offset;
  int lengthBytes;
  private long rawAddress;

  /** The number under which it was sent last; its reply bears the same. */
  int sequence;

  /** Whether an earlier sending may have been carried out. */
  boolean sentBefore;

  private long replySubject;
  private byte[] replyPayload;

  /**
   * A piece of a transfer, to be {@link #aim aimed}.
   *
   * @param transfer the transfer
   * @param whole what counts its pieces; null if this is the whole of it
   * @param counts where the transfer is counted
   */
  public Request(Transfer transfer, Request whole, TransferCounts counts) {
    super(transfer, whole, counts);
    this.opcode = transfer.isWrite() ? Opcode.WRITE : Opcode.READ;
    this.payload = null;
    this.onReply = null;
  }

  /** Anything that is neither a read nor a write. */
  Request(Opcode opcode, long subject, byte[] payload, ServerSlab slab, Consumer<Request> onReply) {
    this.opcode = opcode;
    this.subject = subject;
    this.payload = payload;
    this.slab = slab;
    this.onReply = onReply;
  }

  /**
   * Says which part of the transfer this is.
   *
   * @param ofSlab the transfer's slab
   * @param from first byte of the part in the transfer
   * @param bytes how many
   */
  public final void aim(ServerSlab ofSlab, int from, int bytes) {
    slab = ofSlab;
    subject = ofSlab.wireId();
    offset = (int) transfer().slabOffset() + from;
    lengthBytes = bytes;
    rawAddress = transfer().rawAddress() + from;
  }

  /**
   * Prepares the object for a further use of its transfer, so that most uses make none.
   *
   * @return false if the transfer goes in the other direction now
   */
  public final boolean renew() {
    if ((opcode == Opcode.WRITE) != transfer().isWrite()) {
      return false;
    }
    reset();
    sentBefore = false;
    return true;
  }

  final ServerSlab slab() {
    return slab;
  }

  /**
   * Bytes of its frame.
   *
   * @return header and payload
   */
  protected int frameBytes() {
    return FrameLayout.HEADER_BYTES + payloadBytes();
  }

  private int payloadBytes() {
    if (transfer() == null) {
      return payload.length;
    }
    return opcode == Opcode.WRITE ? lengthBytes : 0;
  }

  /** Bytes that it has under way, one direction or the other. */
  final int weight() {
    return FrameLayout.HEADER_BYTES + (transfer() == null ? payload.length : lengthBytes);
  }

  /**
   * Puts what is sent besides the header to its place.
   *
   * @param frames frames to be sent
   * @param at position of the payload there
   */
  protected void putPayload(ByteBuffer frames, int at) {
    if (payload != null) {
      frames.put(at, payload);
    } else if (opcode == Opcode.WRITE) {
      frames.put(at, local(), 0, lengthBytes);
    }
  }

  /**
   * Takes the content of its reply over.
   *
   * @param ofSubject the reply's subject
   * @param content the reply's payload, as long as it must be; null if it is in its place
   */
  protected void take(long ofSubject, ByteBuffer content) {
    if (transfer() == null) {
      replySubject = ofSubject;
      replyPayload = content.hasRemaining() ? bytes(content) : NOTHING;
    } else if (content != null && opcode == Opcode.READ && !isAbandoned()) {
      local().put(0, content, content.position(), lengthBytes);
    }
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] copy = new byte[content.remaining()];
    content.get(content.position(), copy);
    return copy;
  }

  /** The local memory of a piece of a transfer. */
  final ByteBuffer local() {
    return ALL.asSlice(rawAddress, lengthBytes).asByteBuffer();
  }

  final long replySubject() {
    return replySubject;
  }

  final byte[] replyPayload() {
    return replyPayload;
  }

  /** Whether sending it a second time does no harm. */
  final boolean isRepeatable() {
    return opcode != Opcode.CALL && opcode != Opcode.GOODBYE;
  }

  @Override
  protected void answered() {
    if (onReply != null) {
      onReply.accept(this);
    }
  }

  @Override
  protected TransportTimeoutException givenUp() {
    if (transfer() != null) {
      return super.givenUp();
    }
    return new TransportTimeoutException(
        this + " was not answered within " + (way().nanoTime() - submittedNanos()) + " ns");
  }

  @Override
  public final String toString() {
    return transfer() != null ? transfer().toString() : opcode + " to " + way();
  }
}
