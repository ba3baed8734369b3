package io.farheap.apps.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys and values, and what is known of their versions. */
class ContentTest {
  @Test
  void keysDifferAndCanBeReadAgain() {
    int keys = 5000;
    SizeDistribution sizes = new SizeDistribution.Builder().add(1, 4, 1).add(20, 250, 1).build();
    try (KeyText texts = new KeyText(keys, sizes, 9);
        Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(300);
      Set<String> seen = new HashSet<>();
      for (int key = 0; key < keys; key++) {
        long length = texts.write(text.address(), key) - text.address();
        assertEquals(texts.length(key), length);
        assertTrue(length <= 250);
        byte[] bytes = text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        for (byte letter : bytes) {
          assertTrue(letter > ' ' && letter < 127);
        }
        assertTrue(seen.add(new String(bytes, StandardCharsets.US_ASCII)));
        assertEquals(key, texts.read(text.address(), length));
        assertEquals(-1, texts.read(text.address(), length - 1));
        text.set(ValueLayout.JAVA_BYTE, length - 1, (byte) '!');
        assertEquals(-1, texts.read(text.address(), length));
      }
    }
  }

  @Test
  void everyByteOfAValueCounts() {
    SizeDistribution sizes = new SizeDistribution.Builder().add(0, 40, 1).add(200, 300, 1).build();
    try (ValueBytes values = new ValueBytes(sizes, true, 9);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(512);
      for (int key = 0; key < 200; key++) {
        int length = values.length(key, 3);
        assertEquals(bytes.address() + length, values.write(bytes.address(), key, 3, length));
        assertTrue(values.matches(bytes.address(), key, 3, length));
        for (int i = 0; i < length; i++) {
          byte was = bytes.get(ValueLayout.JAVA_BYTE, i);
          bytes.set(ValueLayout.JAVA_BYTE, i, (byte) ~was);
          assertFalse(values.matches(bytes.address(), key, 3, length), "byte " + i);
          bytes.set(ValueLayout.JAVA_BYTE, i, was);
        }
        if (length >= Long.BYTES) {
          assertFalse(values.matches(bytes.address(), key, 2, length));
          assertFalse(values.matches(bytes.address(), key + 1, 3, length));
        }
        assertFalse(values.matches(bytes.address(), key, 3, length + 1));
      }
    }
  }

  @Test
  void versionsAreKnownOnceTheyWereStored() {
    KeyStates states = new KeyStates(2);
    assertEquals(0, states.oldest(1));
    assertEquals(1, states.begin(1));
    assertEquals(0, states.begin(1), "it is being stored");
    assertEquals(0, states.oldest(1));
    states.end(1, true);
    assertEquals(1, states.oldest(1));
    assertEquals(1, states.newest(1));
    assertEquals(2, states.begin(1));
    assertEquals(1, states.oldest(1), "until the second is stored both are right");
    assertEquals(2, states.newest(1));
    states.end(1, false);
    assertEquals(0, states.oldest(1), "who knows what a failure has left");
    assertEquals(3, states.begin(1));
    states.end(1, true);
    assertEquals(3, states.oldest(1));
    assertEquals(3, states.newest(1));
    assertEquals(0, states.oldest(0));
  }
}
