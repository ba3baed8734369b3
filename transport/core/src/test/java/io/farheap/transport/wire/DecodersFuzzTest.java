package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every decoder, given anything, answers or throws a {@link WireException} and nothing else.
 *
 * <p>The fuzz test itself runs its stored inputs in ordinary runs, and searches for new ones when
 * the environment has {@code JAZZER_FUZZ=1}; the seeded test beside it tries random bytes always.
 */
class DecodersFuzzTest {
  private static final int INPUTS = 20_000;
  private static final List<Consumer<ByteBuffer>> DECODERS =
      List.of(
          Hello::decode,
          Challenge::decode,
          Attach::decode,
          Attached::decode,
          FunctionCall::decode,
          MappedSlab::decode,
          QueuePairOffer::decode,
          RegisteredSlab::decode,
          ServerFigures::decode,
          Message::decode,
          DecodersFuzzTest::decodeBatch,
          DecodersFuzzTest::decodeFrames);

  @FuzzTest(maxDuration = "5m")
  void decodersAnswerOrThrowTyped(byte[] input) {
    decodeWithAll(input);
  }

  @Test
  void decodersAnswerOrThrowTypedForRandomBytes() {
    SplittableRandom random = new SplittableRandom(8);
    byte[] hello = new Hello(1, 1, 0, new byte[16], "tenant").encode();
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = Frames.payload(random, 200);
      if ((i & 1) == 0) {
        // Half of the inputs are nearly right, or random bytes would fail at the first field.
        input = hello.clone();
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      decodeWithAll(input);
    }
  }

  private static void decodeWithAll(byte[] input) {
    for (Consumer<ByteBuffer> decoder : DECODERS) {
      try {
        decoder.accept(ByteBuffer.wrap(input));
      } catch (WireException expected) {
        assertNotNull(expected.defect());
      }
    }
  }

  private static void decodeBatch(ByteBuffer input) {
    if (input.remaining() < Integer.BYTES) {
      return;
    }
    int entries = input.getInt(0);
    BatchLayout.totalBytes(input, Integer.BYTES, input.remaining() - Integer.BYTES, entries, true);
  }

  private static void decodeFrames(ByteBuffer input) {
    FrameChecker checker = FrameChecker.ofRequests();
    int at = 0;
    while (input.limit() - at >= FrameLayout.PREFIX_BYTES) {
      int frameBytes = FrameChecker.frameBytes(input, at, 1 << 16);
      if (frameBytes > input.limit() - at) {
        return;
      }
      checker.check(input, at, frameBytes);
      at += frameBytes;
    }
  }
}
