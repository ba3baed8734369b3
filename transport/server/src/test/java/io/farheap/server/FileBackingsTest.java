package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.base.memory.MappedFile;
import io.farheap.base.memory.NativeMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.MappedSlab;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBackingsTest {
  private static final long SLAB_BYTES = 64 << 10;

  @TempDir Path parent;

  private static MemorySegment bytes(SlabMemory slab) {
    return NativeMemory.view(slab.rawAddress(), SLAB_BYTES);
  }

  private static void assertZero(SlabMemory slab) {
    assertEquals(-1, bytes(slab).mismatch(MemorySegment.ofArray(new byte[(int) SLAB_BYTES])));
  }

  private static Path file(SlabMemory slab) {
    return Path.of(MappedSlab.decode(ByteBuffer.wrap(slab.descriptor())).file());
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> found = Files.list(parent)) {
      return found.toList();
    }
  }

  @Test
  void eachSlabIsAFreshFileThatOnlyItsOwnerMayOpen() throws IOException {
    try (FolderBacking backing = new FolderBacking(parent, 2, SLAB_BYTES)) {
      SlabMemory first = backing.take(1);
      Path path = file(first);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
      bytes(first).fill((byte) 1);
      MappedFile client = MappedFile.open(path, SLAB_BYTES);
      backing.giveBack(first);
      assertFalse(Files.exists(path));

      SlabMemory second = backing.take(2);
      assertNotEquals(path, file(second));
      assertZero(second);
      // A late write of the first owner goes where nobody looks.
      MemorySegment late = NativeMemory.view(client.rawAddress(), SLAB_BYTES);
      assertEquals(1, late.get(ValueLayout.JAVA_BYTE, 0));
      late.fill((byte) 2);
      assertZero(second);
    }
    assertEquals(List.of(), folders());
  }

  @Test
  void foldersOfKilledServersAreRemovedAndOthersAreNot() throws IOException {
    Path dead = Files.createDirectory(parent.resolve("farheap-1-0123456789abcdef"));
    Files.createFile(dead.resolve("lock"));
    Files.write(dead.resolve("slab-1"), new byte[100]);
    Path strange = Files.createDirectory(parent.resolve("farheap-notes"));
    Files.createFile(strange.resolve("slab-1"));
    try (FolderBacking live = new FolderBacking(parent, 1, SLAB_BYTES)) {
      assertFalse(Files.exists(dead));
      Path file = file(live.take(1));
      try (FolderBacking other = new FolderBacking(parent, 1, SLAB_BYTES)) {
        assertTrue(Files.exists(file(other.take(1))));
        assertTrue(Files.exists(file));
      }
      assertTrue(Files.exists(file));
    }
    assertEquals(List.of(strange), folders());
    assertTrue(Files.exists(strange.resolve("slab-1")));
  }

  @Test
  void noRoomIsATypedRefusal() {
    try (FolderBacking backing = new FolderBacking(parent, 1, 1L << 60)) {
      assertThrows(FarMemoryFullException.class, () -> backing.take(1));
    }
    Path file = parent.resolve("memory");
    assertThrows(FarMemoryFullException.class, () -> new FileBacking(file, 1, 1L << 60));
    assertFalse(Files.exists(file));
  }

  @Test
  void noFolderCanBeMadeInAFileOrWhereClientsWouldRefuseIt() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThrows(TransportException.class, () -> new FolderBacking(file, 1, SLAB_BYTES));
    Path odd = Files.createDirectory(parent.resolve("two\nlines"));
    assertThrows(TransportException.class, () -> new FolderBacking(odd, 1, SLAB_BYTES));
    assertEquals(0, odd.toFile().list().length);
  }

  @Test
  void oneFileServesAllSlabsAndHasNoName() throws IOException {
    Path path = parent.resolve("memory");
    try (FileBacking backing = new FileBacking(path, 2, SLAB_BYTES)) {
      assertEquals(List.of(), folders());
      SlabMemory first = backing.take(1);
      SlabMemory second = backing.take(1);
      assertEquals(0, first.descriptor().length);
      assertThrows(FarMemoryFullException.class, () -> backing.take(1));
      bytes(first).fill((byte) 1);
      bytes(second).fill((byte) 2);
      backing.giveBack(first);
      SlabMemory third = backing.take(2);
      assertZero(third);
      assertEquals(2, bytes(second).get(ValueLayout.JAVA_BYTE, SLAB_BYTES - 1));
    }
  }

  @Test
  void whatExistsIsNotOverwritten() throws IOException {
    Path path = Files.write(parent.resolve("memory"), new byte[] {1});
    assertThrows(TransportException.class, () -> new FileBacking(path, 1, SLAB_BYTES));
    assertEquals(1, Files.size(path));
  }
}
