package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvQP;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * A made-up device in native memory, whose post, poll and notify are a few instructions each that
 * note their arguments. They are critical calls, so they must not call back into Java.
 */
final class StubDevice {
  static final int QUEUE_PAIR_NUMBER = 0x11;

  /*
   * movabs rax, LOG; inc qword [rax]; mov [rax+8], rdi; mov [rax+16], rsi; mov [rax+24], rdx;
   * mov rcx, [rax+40]; mov [rdx], rcx; mov eax, [rax+32]; ret
   */
  private static final String POST =
      "48b8%s48ff0048897808488970104889501848" + "8b482848890a8b4020c3";

  /*
   * As above up to rdx, then mov rsi, [rax+48]; mov rcx, [rax+56];
   * next: mov rdi, [rsi+rcx-8]; mov [rdx+rcx-8], rdi; sub rcx, 8; jnz next; mov eax, [rax+32]; ret
   */
  private static final String POLL =
      "48b8%s48ff0048897808488970104889501848"
          + "8b7030488b4838488b7c0ef848897c0af84883e90875f08b4020c3";

  /* As above up to rsi, then mov eax, [rax+32]; ret */
  private static final String NOTIFY = "48b8%s48ff0048897808488970108b4020c3";

  private static final int CODE_BYTES = 4096;
  private static final int FUNCTION_BYTES = 128;
  private static final int LOG_BYTES = 64;

  private final Arena arena = Arena.ofAuto();
  private final long code =
      pointer("mmap", 0, CODE_BYTES, /* read, write */ 3, /* private, anonymous */ 0x22, -1, 0);
  private int codeUsed;

  final Log postedSends = new Log();
  final Log postedReceives = new Log();
  final Log polls = new Log();
  final Log notifications = new Log();
  final FfmContext context;
  final FfmPd domain;
  final FfmCq queue;
  final FfmQp pair;

  StubDevice() throws IOException {
    VerbsProvider.installForTests();
    MemorySegment context = zeroed(DeviceLayouts.Context.BYTES);
    setLong(context, DeviceLayouts.Context.DEVICE, 1);
    setInt(context, DeviceLayouts.Context.CMD_FD, 100);
    setInt(context, DeviceLayouts.Context.ASYNC_FD, 101);
    setInt(context, DeviceLayouts.Context.NUM_COMP_VECTORS, 1);
    setLong(context, DeviceLayouts.Context.POST_SEND, function(POST, postedSends));
    setLong(context, DeviceLayouts.Context.POST_RECV, function(POST, postedReceives));
    setLong(context, DeviceLayouts.Context.POLL_CQ, function(POLL, polls));
    setLong(context, DeviceLayouts.Context.REQ_NOTIFY_CQ, function(NOTIFY, notifications));
    Libraries.system("mprotect").check(code, CODE_BYTES, /* read, execute */ 5);
    this.context = new FfmContext(context.address());

    MemorySegment domain = zeroed(64);
    setLong(domain, QueueLayouts.Domain.CONTEXT, context.address());
    this.domain = new FfmPd(domain.address(), this.context);

    MemorySegment queue = zeroed(256);
    setLong(queue, QueueLayouts.CompletionQueue.CONTEXT, context.address());
    setInt(queue, QueueLayouts.CompletionQueue.CQE, 64);
    this.queue = new FfmCq(queue.address(), this.context, null);

    MemorySegment pair = zeroed(256);
    setLong(pair, QueueLayouts.QueuePair.CONTEXT, context.address());
    setLong(pair, QueueLayouts.QueuePair.PD, domain.address());
    setLong(pair, QueueLayouts.QueuePair.SEND_CQ, queue.address());
    setLong(pair, QueueLayouts.QueuePair.RECV_CQ, queue.address());
    setInt(pair, QueueLayouts.QueuePair.QP_NUM, QUEUE_PAIR_NUMBER);
    setInt(pair, QueueLayouts.QueuePair.QP_TYPE, IbvQP.IBV_QPT_RC);
    this.pair = new FfmQp(pair.address(), this.context, this.domain, this.queue, this.queue);
  }

  /** Memory that lives as long as this device. */
  MemorySegment zeroed(long bytes) {
    return arena.allocate(bytes, Long.BYTES);
  }

  static void setLong(MemorySegment memory, long offset, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset, value);
  }

  static void setInt(MemorySegment memory, long offset, int value) {
    memory.set(ValueLayout.JAVA_INT, offset, value);
  }

  private long function(String pattern, Log log) {
    String address = HexFormat.of().toHexDigits(Long.reverseBytes(log.memory.address()));
    byte[] instructions = HexFormat.of().parseHex(pattern.formatted(address));
    long start = code + codeUsed;
    MemorySegment.copy(
        instructions, 0, RawMemory.ALL, ValueLayout.JAVA_BYTE, start, instructions.length);
    codeUsed += FUNCTION_BYTES;
    return start;
  }

  private static long pointer(String function, long... arguments) {
    try {
      return Libraries.system(function).pointer(arguments);
    } catch (VerbsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What one function was called with last, and what it answers. */
  final class Log {
    private final MemorySegment memory = zeroed(LOG_BYTES);

    long calls() {
      return memory.get(ValueLayout.JAVA_LONG, 0);
    }

    long first() {
      return memory.get(ValueLayout.JAVA_LONG, 8);
    }

    long second() {
      return memory.get(ValueLayout.JAVA_LONG, 16);
    }

    long third() {
      return memory.get(ValueLayout.JAVA_LONG, 24);
    }

    void answer(int result) {
      setLong(memory, 32, result);
    }

    /** A post writes this to where its third argument points. */
    void firstBad(long rawAddress) {
      setLong(memory, 40, rawAddress);
    }

    /** A poll copies these bytes, a multiple of 8, to where its third argument points. */
    void give(MemorySegment bytes) {
      setLong(memory, 48, bytes.address());
      setLong(memory, 56, bytes.byteSize());
    }
  }
}
