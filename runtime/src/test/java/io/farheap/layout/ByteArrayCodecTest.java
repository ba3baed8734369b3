package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteArrayCodecTest {
  private final Codec<byte[]> codec = Codec.bytes();

  @Test
  void bytesOfAnyLengthComeBack() {
    Random random = new Random(25);
    for (int lengthBytes : new int[] {0, 1, 7, 8, 9, 255, 4096, 100_003}) {
      byte[] value = new byte[lengthBytes];
      random.nextBytes(value);
      try (LocalBytes local = new LocalBytes(codec.lengthBytes(value))) {
        local.write(codec, value);
        assertTrue(local.guardsIntact());
        assertArrayEquals(value, local.read(codec));
      }
    }
  }

  @Test
  void lengthIsThatOfTheArray() {
    assertFalse(codec.fixedLength());
    assertEquals(5, codec.lengthBytes(new byte[5]));
    assertThrows(LayoutException.class, () -> codec.lengthBytes(null));
  }

  @Test
  void anArrayThatDoesNotFitIsRefused() {
    try (LocalBytes local = new LocalBytes(4)) {
      assertThrows(LayoutException.class, () -> local.write(codec, new byte[5]));
      assertThrows(LayoutException.class, () -> local.write(codec, new byte[3]));
      assertThrows(LayoutException.class, () -> local.write(codec, null));
      assertTrue(local.guardsIntact());
      assertEquals(LocalBytes.PATTERN, local.copy()[0]);
    }
  }
}
