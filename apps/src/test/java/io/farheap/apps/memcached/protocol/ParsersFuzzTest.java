package io.farheap.apps.memcached.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The three parsers, given anything, answer, and stay within what they were given: a byte outside
 * would throw. As with every fuzz test here, {@code JAZZER_FUZZ=1} lets it search.
 */
class ParsersFuzzTest {
  private static final int INPUTS = 50_000;
  private static final String[] WORDS = {
    "get",
    "gets",
    "gat",
    "gats",
    "set",
    "add",
    "cas",
    "incr",
    "touch",
    "delete",
    "flush_all",
    "mg",
    "ms",
    "md",
    "ma",
    "mn",
    "me",
    "key",
    "0",
    "-1",
    "10",
    "4294967296",
    "99999999999999999999",
    "noreply",
    "b",
    "v",
    "q",
    "T30",
    "N5",
    "C7",
    "MI",
    "Fx",
    "Oabc",
    "Zm9v",
    "====",
    "\0",
    "\r",
    "k".repeat(251)
  };

  @FuzzTest(maxDuration = "5m")
  void parsersAnswer(byte[] input) {
    parse(input);
  }

  @Test
  void parsersAnswerForRandomLines() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < INPUTS; i++) {
      StringBuilder line = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        line.append(WORDS[random.nextInt(WORDS.length)]).append(" ".repeat(random.nextInt(3)));
      }
      byte[] input = line.toString().getBytes(StandardCharsets.ISO_8859_1);
      if (input.length > 0 && random.nextBoolean()) {
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      parse(input);
    }
  }

  @Test
  void base64IsThatOfTheLibrary() {
    SplittableRandom random = new SplittableRandom(8);
    for (int length = 1; length < 187; length++) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      byte[] digits = new byte[Base64Key.encodedLength(length)];
      Base64Key.encode(MemorySegment.ofArray(key), 0, length, MemorySegment.ofArray(digits), 0);
      assertEquals(
          Base64.getEncoder().encodeToString(key), new String(digits, StandardCharsets.US_ASCII));
      byte[] back = new byte[length];
      MemorySegment to = MemorySegment.ofArray(back);
      assertEquals(
          length, Base64Key.decode(MemorySegment.ofArray(digits), 0, digits.length, to, 0));
      assertEquals(-1, MemorySegment.ofArray(key).mismatch(to));
    }
  }

  private static void parse(byte[] input) {
    MemorySegment base = MemorySegment.ofArray(input).asReadOnly();
    parseLine(base, input.length);
    if (input.length >= BinaryRequest.HEAD_BYTES) {
      BinaryRequest request = new BinaryRequest();
      request.read(base, 0);
      if (request.fits() && request.isWellFormed()) {
        assertTrue(request.valueLength() >= 0);
        assertTrue(request.keyLength() <= TextRequest.MAX_KEY_BYTES);
      }
      assertNotNull(request.opcode());
    }
  }

  private static void parseLine(MemorySegment base, int length) {
    TextRequest request = new TextRequest();
    request.read(base, 0, length);
    switch (request.verb()) {
      case INVALID -> assertNotNull(request.error());
      case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> {
        assertTrue(request.valueLength() >= 0);
        checkKey(request.keyAt(), request.keyLength(), length);
      }
      case INCR, DECR, TOUCH, DELETE -> checkKey(request.keyAt(), request.keyLength(), length);
      case MG, MS, MD, MA -> {
        MetaRequest meta = new MetaRequest();
        if (meta.read(request.verb(), request.tokens()) == null) {
          assertTrue(meta.keyLength() >= 1 && meta.keyLength() <= TextRequest.MAX_KEY_BYTES);
          assertTrue(request.verb() != TextVerb.MS || meta.valueLength() >= 0);
          for (int i = 0; i < meta.flagCount(); i++) {
            assertTrue(meta.has(meta.flag(i)));
          }
        }
      }
      default -> {}
    }
  }

  private static void checkKey(long keyAt, int keyLength, int length) {
    assertTrue(keyLength >= 1 && keyLength <= TextRequest.MAX_KEY_BYTES);
    assertTrue(keyAt >= 0 && keyAt + keyLength <= length);
  }
}
