package io.farheap.server;

import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.wire.BatchLayout;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;

/** Carries out reads and writes of one connection. Each is checked as a whole before it copies. */
final class SlabRequests {
  private final SlabStore slabs;
  private final ServerCounters counters;
  private final ReplyBuffer replies;

  SlabRequests(ServerState server, ReplyBuffer replies) {
    this.slabs = server.slabs();
    this.counters = server.counters();
    this.replies = replies;
  }

  /** Answers a request whose opcode is one of the four; the caller is inside the lease. */
  void handle(
      ChannelHandlerContext context,
      Lease lease,
      Opcode opcode,
      int sequence,
      ByteBuffer frame,
      int at,
      int frameBytes) {
    int payloadAt = at + FrameLayout.HEADER_BYTES;
    int payloadBytes = frameBytes - FrameLayout.HEADER_BYTES;
    long slab = FrameLayout.subject(frame, at);
    int offset = FrameLayout.offset(frame, at);
    int lengthBytes = FrameLayout.lengthBytes(frame, at);
    switch (opcode) {
      case READ -> read(context, lease, sequence, slab, offset, lengthBytes);
      case WRITE -> {
        if (lengthBytes != payloadBytes) {
          throw Refusal.of(
              Status.BAD_RANGE,
              "a write of " + lengthBytes + " bytes with " + payloadBytes + " bytes");
        }
        copyIn(frame, payloadAt, slabs.rawAddress(lease, slab, offset, lengthBytes), lengthBytes);
        counters.writes.increment();
        counters.bytesWritten.add(lengthBytes);
        acknowledge(context, opcode, sequence);
      }
      case READ_BATCH -> {
        int total = BatchLayout.totalBytes(frame, payloadAt, payloadBytes, lengthBytes, false);
        readBatch(context, lease, sequence, frame, payloadAt, lengthBytes, total);
      }
      case WRITE_BATCH -> {
        int total = BatchLayout.totalBytes(frame, payloadAt, payloadBytes, lengthBytes, true);
        writeBatch(lease, frame, payloadAt, lengthBytes, total);
        acknowledge(context, opcode, sequence);
      }
      default -> throw new IllegalArgumentException(opcode + " touches no slab");
    }
  }

  private void read(
      ChannelHandlerContext context,
      Lease lease,
      int sequence,
      long slab,
      int offset,
      int lengthBytes) {
    long rawAddress = slabs.rawAddress(lease, slab, offset, lengthBytes);
    requireFits(lengthBytes);
    ByteBuffer reply = replies.begin(context, Opcode.READ, sequence, lengthBytes);
    copyOut(rawAddress, reply, replies.payloadAt(), lengthBytes);
    replies.end(Status.OK, 0);
    counters.reads.increment();
    counters.bytesRead.add(lengthBytes);
  }

  private void readBatch(
      ChannelHandlerContext context,
      Lease lease,
      int sequence,
      ByteBuffer frame,
      int entriesAt,
      int entries,
      int total) {
    requireFits(total);
    checkEntries(lease, frame, entriesAt, entries);
    ByteBuffer reply = replies.begin(context, Opcode.READ_BATCH, sequence, total);
    int to = replies.payloadAt();
    for (int i = 0; i < entries; i++) {
      int lengthBytes = BatchLayout.lengthBytes(frame, entriesAt, i);
      copyOut(rawAddress(lease, frame, entriesAt, i), reply, to, lengthBytes);
      to += lengthBytes;
    }
    replies.end(Status.OK, 0);
    counters.reads.add(entries);
    counters.bytesRead.add(total);
  }

  private void writeBatch(Lease lease, ByteBuffer frame, int entriesAt, int entries, int total) {
    checkEntries(lease, frame, entriesAt, entries);
    int from = entriesAt + entries * BatchLayout.ENTRY_BYTES;
    for (int i = 0; i < entries; i++) {
      int lengthBytes = BatchLayout.lengthBytes(frame, entriesAt, i);
      copyIn(frame, from, rawAddress(lease, frame, entriesAt, i), lengthBytes);
      from += lengthBytes;
    }
    counters.writes.add(entries);
    counters.bytesWritten.add(total);
  }

  private void checkEntries(Lease lease, ByteBuffer frame, int entriesAt, int entries) {
    for (int i = 0; i < entries; i++) {
      rawAddress(lease, frame, entriesAt, i);
    }
  }

  private long rawAddress(Lease lease, ByteBuffer frame, int entriesAt, int entry) {
    return slabs.rawAddress(
        lease,
        BatchLayout.slab(frame, entriesAt, entry),
        BatchLayout.offset(frame, entriesAt, entry),
        BatchLayout.lengthBytes(frame, entriesAt, entry));
  }

  private static void requireFits(int lengthBytes) {
    if (lengthBytes > Protocol.MAX_PAYLOAD_BYTES) {
      throw Refusal.of(
          Status.TOO_LARGE,
          "a reply of " + lengthBytes + " bytes; at most " + Protocol.MAX_PAYLOAD_BYTES);
    }
  }

  private void acknowledge(ChannelHandlerContext context, Opcode opcode, int sequence) {
    replies.begin(context, opcode, sequence, 0);
    replies.end(Status.OK, 0);
  }

  private static void copyOut(long rawAddress, ByteBuffer to, int toAt, int lengthBytes) {
    to.put(toAt, NativeMemory.view(rawAddress, lengthBytes).asByteBuffer(), 0, lengthBytes);
  }

  private static void copyIn(ByteBuffer from, int fromAt, long rawAddress, int lengthBytes) {
    NativeMemory.view(rawAddress, lengthBytes).asByteBuffer().put(0, from, fromAt, lengthBytes);
  }
}
