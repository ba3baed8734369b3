package io.farheap.apps.doctor;

import io.farheap.base.text.ByteSize;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Examines the file system of shared memory.
 *
 * @param files the system's files
 * @param room tells its sizes
 */
record SharedMemoryCheck(FileTree files, Room room) implements Check {
  private static final String FOLDER = "dev/shm";

  /** Less than one slab of the default size is of no use. */
  private static final long MIN_BYTES = 64L << 20;

  /** Tells how large a file system is. */
  @FunctionalInterface
  interface Room {
    /** Its size and what of it is free, in bytes. */
    Sizes of(Path folder) throws IOException;
  }

  /** Bytes of a file system. */
  record Sizes(long totalBytes, long freeBytes) {}

  static SharedMemoryCheck of(FileTree files) {
    return new SharedMemoryCheck(
        files,
        folder -> {
          FileStore store = Files.getFileStore(folder);
          return new Sizes(store.getTotalSpace(), store.getUsableSpace());
        });
  }

  @Override
  public String name() {
    return "dev-shm";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.SHM);
  }

  @Override
  public List<Finding> examine() {
    Path folder = files.path(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of(
          Finding.broken(
              "there is no /dev/shm", "mkdir -p /dev/shm && mount -t tmpfs shm /dev/shm"));
    }
    if (!Files.isWritable(folder)) {
      return List.of(Finding.broken("/dev/shm cannot be written to", "chmod 1777 /dev/shm"));
    }
    try {
      return List.of(judge(room.of(folder)));
    } catch (IOException e) {
      return List.of(Finding.advice("cannot tell the size of /dev/shm: " + e, "df -h /dev/shm"));
    }
  }

  private static Finding judge(Sizes sizes) {
    String text =
        "/dev/shm has "
            + ByteSize.text(sizes.totalBytes())
            + ", of it "
            + ByteSize.text(sizes.freeBytes())
            + " free";
    if (sizes.freeBytes() >= MIN_BYTES) {
      return Finding.ok(text);
    }
    return sizes.totalBytes() < MIN_BYTES
        ? Finding.broken(
            text + ": less than one slab",
            "mount -o remount,size=50% /dev/shm   (docker run --shm-size=4g)")
        : Finding.advice(text + ": less than one slab", "ls -l /dev/shm, and remove what is stale");
  }
}
