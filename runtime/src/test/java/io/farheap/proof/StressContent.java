package io.farheap.proof;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Bytes that say whose they are and whether they belong together: a name, a version, and words that
 * follow from both.
 */
final class StressContent {
  static final int BYTES = 256;
  static final long VERSION_OFFSET = Long.BYTES;
  private static final int WORDS = BYTES / Long.BYTES;

  private StressContent() {}

  private static long word(long name, long version, int i) {
    long x = (name * 0x9E3779B97F4A7C15L) ^ (version * 0xC2B2AE3D27D4EB4FL) ^ i;
    return (x ^ (x >>> 29)) * 0xBF58476D1CE4E5B9L;
  }

  static void write(MemorySegment target, long name, long version) {
    target.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, name);
    target.set(ValueLayout.JAVA_LONG_UNALIGNED, VERSION_OFFSET, version);
    for (int i = 2; i < WORDS; i++) {
      target.set(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES, word(name, version, i));
    }
  }

  static byte[] bytes(long name, long version) {
    byte[] bytes = new byte[BYTES];
    write(MemorySegment.ofArray(bytes), name, version);
    return bytes;
  }

  /**
   * Checks that these are the bytes of a name, all of one version.
   *
   * @return the version
   */
  static long check(MemorySegment found, long name, String how) {
    long foundName = found.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    if (foundName != name) {
      throw new SimulationFailure(how + " of " + name + " found the bytes of " + foundName);
    }
    long version = found.get(ValueLayout.JAVA_LONG_UNALIGNED, VERSION_OFFSET);
    for (int i = 2; i < WORDS; i++) {
      long value = found.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES);
      if (value != word(name, version, i)) {
        throw new SimulationFailure(
            how + " of " + name + " version " + version + " has a wrong word " + i);
      }
    }
    return version;
  }

  static long check(byte[] found, long name, String how) {
    return check(MemorySegment.ofArray(found), name, how);
  }
}
