package io.farheap.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Waits on the file descriptors of channels. */
final class Descriptors {
  private static final NativeFunction POLL = Libraries.system("poll");
  private static final NativeFunction FCNTL = Libraries.system("fcntl");

  // Values of Linux's <fcntl.h> and <poll.h>.
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final short POLLIN = 1;
  private static final CStruct POLLFD = new CStruct("pollfd");
  private static final int FD = POLLFD.int32("fd");
  private static final int EVENTS = POLLFD.uint16("events");
  private static final int RETURNED = POLLFD.uint16("revents");

  private Descriptors() {}

  /** Makes reads of a descriptor return at once. */
  static void setNonBlocking(int descriptor) throws VerbsException {
    int flags = FCNTL.number(descriptor, F_GETFL, 0);
    int result = flags < 0 ? flags : FCNTL.number(descriptor, F_SETFL, flags | O_NONBLOCK);
    if (result < 0) {
      throw new VerbsException("fcntl on descriptor " + descriptor, -result);
    }
  }

  /**
   * Waits until a descriptor can be read.
   *
   * @return false at the deadline
   * @throws VerbsException if the descriptor is closed
   */
  static boolean awaitReadable(int descriptor, Deadline deadline) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(POLLFD.bytes(), Long.BYTES);
      entry.set(ValueLayout.JAVA_INT, FD, descriptor);
      entry.set(ValueLayout.JAVA_SHORT, EVENTS, POLLIN);
      while (true) {
        int left = deadline.leftMillis();
        int result = POLL.number(entry.address(), 1, left);
        if (result > 0) {
          if ((entry.get(ValueLayout.JAVA_SHORT, RETURNED) & POLLIN) != 0) {
            return true;
          }
          throw new VerbsException("the channel of descriptor " + descriptor + " is closed");
        }
        if (result < 0 && result != -ErrorNumbers.EINTR) {
          throw new VerbsException("poll on descriptor " + descriptor, -result);
        }
        if (left == 0) {
          return false;
        }
      }
    }
  }
}
