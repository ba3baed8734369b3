package io.farheap.base.memory;

import java.nio.file.Path;
import java.util.Set;

/**
 * A file that is mapped for reading and writing, shared with whoever maps it too.
 *
 * <p>Its blocks are reserved when it is created, so that touching it never meets a full file
 * system, which would be a signal and the end of the process. For the same reason nobody may
 * shorten it, or give parts of it back, as long as it is mapped anywhere.
 *
 * <p>{@link #forget} puts zeroed memory of this process in the place of the file, at once for all
 * threads: a copy that still runs touches mapped memory, but not the file any more. The range is
 * unmapped when this object is unreachable.
 */
public final class MappedFile {
  // Values of Linux's <fcntl.h>, <stdio.h> and <sys/mman.h>; only O_NOFOLLOW is not the same on
  // x86-64 and AArch64.
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_NOFOLLOW =
      "aarch64".equals(System.getProperty("os.arch")) ? 0x8000 : 0x20000;
  private static final int OWNER_ONLY = 0600;
  private static final int SEEK_END = 2;
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_SHARED_FIXED = 0x1 | 0x10;
  private static final int MAP_PRIVATE_FIXED_ANONYMOUS_NORESERVE = 0x2 | 0x10 | 0x20 | 0x4000;

  // Values of Linux's <errno.h>.
  private static final int EINTR = 4;
  private static final int ENOMEM = 12;
  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final Set<Integer> NO_ROOM = Set.of(ENOMEM, EFBIG, ENOSPC, EDQUOT);

  private final NativeRegion range;
  private final long bytes;
  private boolean forgotten;

  private MappedFile(NativeRegion range, long bytes) {
    this.range = range;
    this.bytes = bytes;
  }

  /**
   * Creates a file that only this user may open, reserves all of it and maps it.
   *
   * @param file where; must not exist
   * @param bytes how long, a multiple of 4 KiB
   * @return the file, all zero
   * @throws NativeMemoryException if it cannot be created, for example since the file system or
   *     this process has no room for it; there is no file then
   */
  public static MappedFile create(Path file, long bytes) {
    int descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC);
    boolean done = false;
    try {
      reserve(descriptor, file, bytes);
      MappedFile mapped = map(descriptor, file, bytes);
      done = true;
      return mapped;
    } finally {
      SystemCalls.close(descriptor);
      if (!done) {
        boolean deleted = file.toFile().delete();
        assert deleted : file;
      }
    }
  }

  /**
   * Maps a file that another process has created with {@link #create}.
   *
   * @param file where; a symbolic link is not followed
   * @param bytes how long it must be
   * @return the file
   * @throws NativeMemoryException if there is no such file, or of another length, or this user may
   *     not open it
   */
  public static MappedFile open(Path file, long bytes) {
    int descriptor = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    try {
      long found = SystemCalls.lseek(descriptor, 0, SEEK_END);
      if (found != bytes) {
        throw new NativeMemoryException(file + " has " + found + " bytes instead of " + bytes);
      }
      return map(descriptor, file, bytes);
    } finally {
      SystemCalls.close(descriptor);
    }
  }

  private static int open(Path file, int flags) {
    SystemCalls.require();
    int descriptor = SystemCalls.open(file.toString(), flags, OWNER_ONLY);
    if (descriptor < 0) {
      throw new NativeMemoryException(
          "cannot open "
              + file
              + ": error "
              + -descriptor
              + "; check that it is on this machine and belongs to this user");
    }
    return descriptor;
  }

  private static void reserve(int descriptor, Path file, long bytes) {
    int error;
    do {
      error = -SystemCalls.fallocate(descriptor, 0, bytes);
    } while (error == EINTR);
    if (NO_ROOM.contains(error)) {
      throw NativeMemoryException.noRoom(
          "no room for "
              + bytes
              + " bytes in "
              + file.getParent()
              + " (error "
              + error
              + "); make it larger or let the server have less memory");
    }
    if (error != 0) {
      throw new NativeMemoryException(
          "cannot reserve " + bytes + " bytes for " + file + ": error " + error);
    }
  }

  private static MappedFile map(int descriptor, Path file, long bytes) {
    NativeRegion range = NativeRegion.reserve(bytes, false);
    long mapped =
        SystemCalls.mmap(
            range.rawAddress(), bytes, PROT_READ_WRITE, MAP_SHARED_FIXED, descriptor, 0);
    if (mapped == -ENOMEM) {
      throw NativeMemoryException.noRoom(
          "no room to map " + file + "; raise vm.max_map_count or choose larger slabs");
    }
    if (mapped < 0) {
      throw new NativeMemoryException("cannot map " + file + ": error " + -mapped);
    }
    return new MappedFile(range, bytes);
  }

  /**
   * Where the range begins.
   *
   * @return raw address of its first byte
   */
  public long rawAddress() {
    return range.rawAddress();
  }

  /** Lets go of the file; the range is then zeroed memory that means nothing. Idempotent. */
  public synchronized void forget() {
    if (forgotten) {
      return;
    }
    long mapped =
        SystemCalls.mmap(
            range.rawAddress(),
            bytes,
            PROT_READ_WRITE,
            MAP_PRIVATE_FIXED_ANONYMOUS_NORESERVE,
            -1,
            0);
    // If the system refuses, the file stays mapped until this object is unreachable.
    forgotten = mapped >= 0;
  }
}
