package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A million frames with something wrong, each of which must be found out. */
class DamagedFramesTest {
  private static final int FRAMES = Integer.getInteger("farheap.damagedFrames", 1_000_000);
  private static final int MAX_PAYLOAD = 64;
  private static final int MAX_FRAME = FrameLayout.HEADER_BYTES + MAX_PAYLOAD;

  private enum Damage {
    FLIP_ONE_BIT,
    FLIP_SOME_BITS,
    OVERWRITE_A_RUN,
    TRUNCATE,
    REPEAT,
    LEAVE_OUT,
    SWAP,
    WRONG_LENGTH
  }

  @Test
  void everyDamagedFrameIsFound() {
    long seed = Long.getLong("farheap.seed", 20260417L);
    SplittableRandom random = new SplittableRandom(seed);
    Map<Defect, Integer> found = new EnumMap<>(Defect.class);
    Damage[] damages = Damage.values();
    for (int i = 0; i < FRAMES; i++) {
      Damage damage = damages[i % damages.length];
      boolean replies = random.nextBoolean();
      String what = "seed " + seed + " frame " + i + " " + damage;
      Defect defect = firstDefect(streamWith(damage, random, replies), replies, what);
      if (defect != null) {
        found.merge(defect, 1, Integer::sum);
      }
    }
    assertNotNull(found.get(Defect.BAD_CHECKSUM), found::toString);
    assertNotNull(found.get(Defect.BAD_LENGTH), found::toString);
    assertNotNull(found.get(Defect.BAD_SEQUENCE), found::toString);
  }

  private static byte[] streamWith(Damage damage, SplittableRandom random, boolean replies) {
    List<byte[]> frames = new ArrayList<>();
    for (int sequence = 0; sequence < 3; sequence++) {
      frames.add(Frames.frame(random, replies, sequence, Frames.payload(random, MAX_PAYLOAD)));
    }
    int which = random.nextInt(3);
    byte[] victim = frames.get(which);
    switch (damage) {
      case FLIP_ONE_BIT -> flip(victim, random.nextInt(8 * victim.length));
      case FLIP_SOME_BITS -> {
        byte[] before = victim.clone();
        do {
          for (int n = random.nextInt(2, 40); n > 0; n--) {
            flip(victim, random.nextInt(8 * victim.length));
          }
        } while (Arrays.equals(before, victim));
      }
      case OVERWRITE_A_RUN -> {
        byte[] before = victim.clone();
        do {
          int from = random.nextInt(victim.length);
          int to = random.nextInt(from, victim.length) + 1;
          byte filler = (byte) random.nextInt();
          Arrays.fill(victim, from, to, filler);
        } while (Arrays.equals(before, victim));
      }
      case TRUNCATE -> frames.set(which, Arrays.copyOf(victim, random.nextInt(victim.length)));
      case REPEAT -> frames.add(random.nextInt(which + 1, 4), victim);
      case LEAVE_OUT -> frames.remove(random.nextInt(2));
      case SWAP -> {
        int other = (which + 1 + random.nextInt(2)) % 3;
        frames.set(which, frames.get(other));
        frames.set(other, victim);
      }
      case WRONG_LENGTH -> {
        int length = victim.length;
        int wrong;
        do {
          wrong = random.nextBoolean() ? random.nextInt() : random.nextInt(MAX_FRAME + 8);
        } while (wrong == length);
        ByteBuffer.wrap(victim).putInt(4, Integer.reverseBytes(wrong));
      }
    }
    ByteBuffer stream = ByteBuffer.allocate(frames.stream().mapToInt(f -> f.length).sum());
    frames.forEach(stream::put);
    return stream.array();
  }

  private static void flip(byte[] bytes, int bit) {
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
  }

  /**
   * Reads frames as a connection does. Null means that the stream ended inside a frame, so that
   * whoever waits for the rest sees the connection die or fall silent; three good frames in a
   * stream that was damaged are a failure of the test.
   */
  private static Defect firstDefect(byte[] stream, boolean replies, String what) {
    FrameChecker checker = replies ? FrameChecker.ofReplies() : FrameChecker.ofRequests();
    ByteBuffer buffer = ByteBuffer.wrap(stream);
    int at = 0;
    int good = 0;
    try {
      while (stream.length - at >= FrameLayout.PREFIX_BYTES) {
        int frameBytes = FrameChecker.frameBytes(buffer, at, MAX_FRAME);
        if (frameBytes > stream.length - at) {
          break;
        }
        checker.check(buffer, at, frameBytes);
        assertEquals(good, checker.sequence(), what);
        good++;
        at += frameBytes;
      }
    } catch (WireException e) {
      return e.defect();
    }
    if (good >= 3 && at == stream.length) {
      fail(what + ": nothing was noticed");
    }
    return null;
  }
}
