package io.farheap.server;

import io.farheap.transport.TransportException;
import io.farheap.transport.wire.MappedSlab;
import io.farheap.transport.wire.WireException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's own folder for its slabs' files: {@code farheap-PID-RANDOM}, which only its user may
 * enter.
 *
 * <p>A file in it is locked as long as the server lives, by whatever means it ends. A server that
 * starts removes the folders beside its own whose lock it can have: those of servers that were
 * killed. A folder gets its name only once it is locked, so that nobody takes a new one for an
 * abandoned one.
 */
final class SlabFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlabFolder.class);
  private static final String PREFIX = "farheap-";
  private static final String UNFINISHED = ".farheap-";
  private static final String LOCK = "lock";

  /**
   * Folders of this process. Their locks must not be tried: where a process has a file open twice,
   * closing it once ends the lock.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private SlabFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder, and removes those of servers that are no more.
   *
   * @param parent an existing folder, for example {@code /dev/shm}
   * @throws TransportException if it cannot be made there
   */
  static SlabFolder in(Path parent) {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String name = ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random);
    try {
      Path real = parent.toRealPath();
      Path unfinished = real.resolve(UNFINISHED + name);
      Path folder = real.resolve(PREFIX + name);
      // Clients must take its files for slabs.
      new MappedSlab(slab(folder, Long.MAX_VALUE).toString());
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel lock =
          FileChannel.open(
              unfinished.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (lock.tryLock() == null) {
        throw new IOException("somebody else has locked " + unfinished);
      }
      OWN.add(folder);
      removeAbandoned(real, Files.getOwner(unfinished));
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      return new SlabFolder(folder, lock);
    } catch (IOException | UnsupportedOperationException | WireException e) {
      throw new TransportException(
          "cannot make a folder for slabs in "
              + parent
              + "; memory-file must name a folder where this user may write",
          e);
    }
  }

  private static void removeAbandoned(Path parent, UserPrincipal user) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : found) {
        if (!OWN.contains(folder)
            && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          removeIfAbandoned(folder);
        }
      }
    }
  }

  private static void removeIfAbandoned(Path folder) {
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (lock.tryLock() != null) {
        remove(folder);
        LOG.info("Removed {}, which a server that was killed has left behind.", folder);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is no folder of slabs, or somebody else is removing it.", folder);
    } catch (OverlappingFileLockException | IOException e) {
      LOG.warn("Cannot tell whether {} is still in use; it stays.", folder, e);
    }
  }

  /** Removes the slabs, then the lock. */
  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> slabs = Files.newDirectoryStream(folder, "slab-*")) {
      for (Path slab : slabs) {
        Files.deleteIfExists(slab);
      }
    }
    Files.deleteIfExists(folder.resolve(LOCK));
    Files.deleteIfExists(folder);
  }

  /** The path for a slab; the caller never gives a number twice. */
  Path slab(long number) {
    return slab(folder, number);
  }

  private static Path slab(Path folder, long number) {
    return folder.resolve("slab-" + number);
  }

  /** Removes the folder with all files in it; who has mapped one keeps its memory. */
  @Override
  public void close() {
    try {
      remove(folder);
      lock.close();
    } catch (IOException e) {
      LOG.warn("Could not remove {}.", folder, e);
    } finally {
      OWN.remove(folder);
    }
  }
}
