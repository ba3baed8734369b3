package io.farheap.apps.load;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Linux's sockets and its epoll, called directly: no copies, no objects, and waits shorter than a
 * millisecond, which a paced load needs and {@code java.nio} has not. For one thread.
 */
final class Sockets implements AutoCloseable {
  static final int READABLE = 1;
  static final int WRITABLE = 4;

  /** The answer of {@link #receive} and {@link #send} where nothing can be done now. */
  static final long NOTHING = -1;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IPV4_BYTES = 4;
  private static final int IPV4_ADDRESS = 4;
  private static final int IPV6_ADDRESS = 8;
  private static final int SOCKADDR_BYTES = 28;
  private static final int SOCKADDR4_BYTES = 16;
  private static final int STREAM_CLOSED_ON_EXEC = 0x80001;
  private static final int CLOSED_ON_EXEC = 0x80000;
  private static final int TCP = 6;
  private static final int NO_DELAY = 1;
  private static final int DO_NOT_WAIT = 0x40;
  private static final int NO_SIGNAL = 0x4000;
  private static final int ADD = 1;
  private static final int MODIFY = 3;
  private static final int INTERRUPTED = 4;
  private static final int TRY_AGAIN = 11;
  private static final int MOST_EVENTS = 256;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** The kernel packs an event on x86-64 only. */
  private static final boolean PACKED =
      System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("amd64|x86_64");

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int EVENT_DATA = PACKED ? 4 : 8;

  /** Timer slack of threads, prctl's PR_SET_TIMERSLACK: 50 microseconds where nothing is said. */
  private static final int SET_TIMER_SLACK = 29;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = find("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT =
      find("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      find("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle RECV =
      find("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND =
      find("send", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE = find("epoll_create1", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      find("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      find("epoll_pwait2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle PRCTL =
      find("prctl", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment events = arena.allocate((long) MOST_EVENTS * EVENT_BYTES, Long.BYTES);
  private final MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
  private final MemorySegment timespec = arena.allocate(2L * Long.BYTES, Long.BYTES);
  private final int epoll;

  Sockets() {
    try {
      epoll = (int) EPOLL_CREATE.invokeExact(state, CLOSED_ON_EXEC);
    } catch (Throwable t) {
      throw failed(t);
    }
    checked(epoll, "epoll_create1");
  }

  private static MethodHandle find(String name, ValueLayout result, ValueLayout... arguments) {
    return ForeignFunctions.ofCLibrary(
            name, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"))
        .orElseThrow(
            () ->
                new LoadException(
                    "the C library has no "
                        + name
                        + "; the load needs Linux 5.11 and glibc 2.35 or newer"));
  }

  /** Lets this thread's waits end when they should instead of up to 50 microseconds later. */
  void waitExactly() {
    try {
      int ignored = (int) PRCTL.invokeExact(state, SET_TIMER_SLACK, 1L, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /**
   * Connects, and waits for what can be read from then on.
   *
   * @param to where
   * @param tag what {@link #tag} says of its events, from 0
   * @return the socket's number
   * @throws LoadException if nobody listens there
   */
  int connect(InetSocketAddress to, int tag) {
    if (to.isUnresolved()) {
      throw new LoadException("nobody knows the address of " + to.getHostString());
    }
    InetAddress host = to.getAddress();
    byte[] bytes = host.getAddress();
    boolean four = bytes.length == IPV4_BYTES;
    try (Arena local = Arena.ofConfined()) {
      MemorySegment address = local.allocate(SOCKADDR_BYTES, Long.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? AF_INET : AF_INET6));
      address.set(
          ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
          2,
          (short) to.getPort());
      int at = four ? IPV4_ADDRESS : IPV6_ADDRESS;
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, at, bytes.length);
      int socket =
          (int) SOCKET.invokeExact(state, four ? AF_INET : AF_INET6, STREAM_CLOSED_ON_EXEC, 0);
      checked(socket, "socket");
      int length = four ? SOCKADDR4_BYTES : SOCKADDR_BYTES;
      int status = (int) CONNECT.invokeExact(state, socket, address, length);
      if (status != 0) {
        int errno = errno();
        close(socket);
        throw new LoadException("nobody listens on " + to + " (errno " + errno + ")");
      }
      MemorySegment one = local.allocateFrom(JAVA_INT, 1);
      checked(
          (int) SETSOCKOPT.invokeExact(state, socket, TCP, NO_DELAY, one, Integer.BYTES),
          "setsockopt");
      control(ADD, socket, READABLE, tag);
      return socket;
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Says whether to wait for room as well. */
  void watch(int socket, int tag, boolean forRoomToo) {
    control(MODIFY, socket, forRoomToo ? READABLE | WRITABLE : READABLE, tag);
  }

  private void control(int how, int socket, int what, int tag) {
    event.set(ValueLayout.JAVA_INT, 0, what);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, tag);
    try {
      checked((int) EPOLL_CTL.invokeExact(state, epoll, how, socket, event), "epoll_ctl");
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /**
   * Waits for events.
   *
   * @param timeoutNanos how long at most, 0 for not at all
   * @return how many there are
   */
  int await(long timeoutNanos) {
    timespec.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
    timespec.set(JAVA_LONG, Long.BYTES, timeoutNanos % NANOS_PER_SECOND);
    try {
      int count =
          (int)
              EPOLL_WAIT.invokeExact(
                  state, epoll, events, MOST_EVENTS, timespec, MemorySegment.NULL);
      return count < 0 && errno() == INTERRUPTED ? 0 : checked(count, "epoll_pwait2");
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Whose event it is. */
  int tag(int index) {
    return (int)
        events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + EVENT_DATA);
  }

  /** What happened: {@link #READABLE}, {@link #WRITABLE} or trouble, which reading tells. */
  int what(int index) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES);
  }

  /**
   * Reads what is there.
   *
   * @return bytes; 0 if the other side has closed, {@link #NOTHING} if nothing is there
   */
  long receive(int socket, long rawAddress, long lengthBytes) {
    try {
      long got = (long) RECV.invokeExact(state, socket, rawAddress, lengthBytes, DO_NOT_WAIT);
      return got >= 0 ? got : nothing("recv");
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /**
   * Writes as much as there is room for.
   *
   * @return bytes, or {@link #NOTHING}
   */
  long send(int socket, long rawAddress, long lengthBytes) {
    try {
      long sent =
          (long) SEND.invokeExact(state, socket, rawAddress, lengthBytes, DO_NOT_WAIT | NO_SIGNAL);
      return sent >= 0 ? sent : nothing("send");
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Closes one socket. */
  void close(int socket) {
    try {
      int ignored = (int) CLOSE.invokeExact(state, socket);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  @Override
  public void close() {
    close(epoll);
    arena.close();
  }

  private long nothing(String call) {
    int errno = errno();
    if (errno == TRY_AGAIN || errno == INTERRUPTED) {
      return NOTHING;
    }
    throw new LoadException("the server is gone: " + call + " failed with errno " + errno);
  }

  private int checked(int result, String call) {
    if (result < 0) {
      throw new LoadException(call + " failed with errno " + errno());
    }
    return result;
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  private static RuntimeException failed(Throwable t) {
    if (t instanceof RuntimeException e) {
      throw e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException("a system call could not be made", t);
  }
}
