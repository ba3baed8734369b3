package io.farheap.base.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  private static final long BYTES = 64 << 10;

  @TempDir Path folder;

  private static long get(MappedFile file, long offset) {
    return NativeMemory.ALL.get(ValueLayout.JAVA_LONG, file.rawAddress() + offset);
  }

  private static void put(MappedFile file, long offset, long value) {
    NativeMemory.ALL.set(ValueLayout.JAVA_LONG, file.rawAddress() + offset, value);
  }

  @Test
  void bothSidesSeeTheSameBytes() {
    MappedFile created = MappedFile.create(folder.resolve("a"), BYTES);
    assertEquals(-1, NativeMemory.view(created.rawAddress(), BYTES).mismatch(zeros()));
    MappedFile opened = MappedFile.open(folder.resolve("a"), BYTES);
    put(created, 8, 77);
    assertEquals(77, get(opened, 8));
    put(opened, BYTES - 8, 78);
    assertEquals(78, get(created, BYTES - 8));
  }

  private static MemorySegment zeros() {
    return MemorySegment.ofArray(new byte[(int) BYTES]);
  }

  @Test
  void allOfItIsReservedAndOnlyItsOwnerMayOpenIt() throws IOException {
    Path path = folder.resolve("a");
    MappedFile.create(path, BYTES);
    assertEquals(BYTES, Files.size(path));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNothingBehind() {
    Path path = folder.resolve("a");
    NativeMemoryException refusal =
        assertThrows(NativeMemoryException.class, () -> MappedFile.create(path, 1L << 60));
    assertTrue(refusal.isNoRoom(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(folder.toString()), refusal.getMessage());
    assertFalse(Files.exists(path));
  }

  @Test
  void forgottenRangeIsMemoryThatIsNotTheFile() throws IOException {
    Path path = folder.resolve("a");
    MappedFile created = MappedFile.create(path, BYTES);
    MappedFile opened = MappedFile.open(path, BYTES);
    put(opened, 0, 5);
    opened.forget();
    opened.forget();
    assertEquals(0, get(opened, 0));
    put(opened, 0, 6);
    assertEquals(5, get(created, 0));
    Files.delete(path);
    assertEquals(5, get(created, 0));
    put(created, BYTES - 8, 7);
    assertEquals(7, get(created, BYTES - 8));
  }

  @Test
  void strangeFilesAreRefused() throws IOException {
    Path path = folder.resolve("a");
    ByteBuffer content = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 9);
    Files.write(path, content.array());
    assertThrows(NativeMemoryException.class, () -> MappedFile.open(path, BYTES));
    assertThrows(NativeMemoryException.class, () -> MappedFile.create(path, BYTES));
    assertThrows(NativeMemoryException.class, () -> MappedFile.open(folder.resolve("b"), BYTES));
    MappedFile.create(folder.resolve("slab"), BYTES);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("slab"));
    assertThrows(NativeMemoryException.class, () -> MappedFile.open(folder.resolve("link"), BYTES));
    assertEquals(8, Files.size(path));
  }
}
