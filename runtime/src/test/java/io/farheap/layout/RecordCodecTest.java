package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent")
class RecordCodecTest {
  record AllKinds(byte a, short b, boolean c, int d, char e, long f, float g, double h) {}

  private record Hidden(int a, long b) {}

  record Leaf(byte tag, double weight) {}

  record Twig(Leaf left, short between, Leaf right) {}

  record Branch(boolean green, Twig twig, @Length(3) long[] rings) {}

  record AllArrays(
      @Length(3) byte[] a,
      @Length(3) short[] b,
      @Length(5) boolean[] c,
      @Length(3) int[] d,
      @Length(1) char[] e,
      @Length(2) long[] f,
      @Length(3) float[] g,
      @Length(2) double[] h) {}

  record Positive(int value) {
    static final int LIMIT = 0;

    Positive {
      if (value <= LIMIT) {
        throw new IllegalArgumentException("not positive: " + value);
      }
    }
  }

  record Moody(long first, long second) {
    @Override
    public long second() {
      if (second < 0) {
        throw new IllegalStateException("moody");
      }
      return second;
    }
  }

  record Gaps(byte a, long b, short c, int d, byte e) {}

  record Empty() {}

  record HoldsEmpty(int a, Empty b, int c) {}

  @Test
  void extremesOfEveryPrimitiveComeBack() {
    List<AllKinds> values =
        List.of(
            new AllKinds((byte) 0, (short) 0, false, 0, '\0', 0, 0f, 0d),
            new AllKinds(
                Byte.MIN_VALUE,
                Short.MIN_VALUE,
                true,
                Integer.MIN_VALUE,
                Character.MAX_VALUE,
                Long.MIN_VALUE,
                Float.MIN_VALUE,
                Double.MIN_VALUE),
            new AllKinds(
                Byte.MAX_VALUE,
                Short.MAX_VALUE,
                true,
                Integer.MAX_VALUE,
                '\uD800',
                Long.MAX_VALUE,
                Float.MAX_VALUE,
                Double.MAX_VALUE),
            new AllKinds(
                (byte) -1,
                (short) -1,
                false,
                -1,
                'x',
                -1,
                Float.NEGATIVE_INFINITY,
                Double.NEGATIVE_INFINITY),
            new AllKinds((byte) 1, (short) 1, true, 1, 'y', 1, -0f, -0d),
            new AllKinds((byte) 2, (short) 2, true, 2, 'z', 2, Float.NaN, Double.NaN));
    for (AllKinds value : values) {
      assertEquals(value, roundTrip(AllKinds.class, value));
    }
  }

  @Test
  void recordsThreeDeepComeBack() {
    Branch value =
        new Branch(
            true,
            new Twig(new Leaf((byte) 1, 1.5), (short) -2, new Leaf((byte) 3, -3.5)),
            new long[] {1, Long.MIN_VALUE, 3});
    Branch copy = roundTrip(Branch.class, value);
    assertEquals(value.green(), copy.green());
    assertEquals(value.twig(), copy.twig());
    assertArrayEquals(value.rings(), copy.rings());
  }

  @Test
  void arraysOfEveryKindComeBackAsCopies() {
    AllArrays value =
        new AllArrays(
            new byte[] {1, -2, 3},
            new short[] {1, -2, Short.MIN_VALUE},
            new boolean[] {true, false, true, true, false},
            new int[] {1, -2, Integer.MIN_VALUE},
            new char[] {Character.MAX_VALUE},
            new long[] {-1, Long.MAX_VALUE},
            new float[] {1.5f, -0f, Float.MIN_VALUE},
            new double[] {-1.5, Double.MAX_VALUE});
    AllArrays copy = roundTrip(AllArrays.class, value);
    assertArrayEquals(value.a(), copy.a());
    assertArrayEquals(value.b(), copy.b());
    assertArrayEquals(value.c(), copy.c());
    assertArrayEquals(value.d(), copy.d());
    assertArrayEquals(value.e(), copy.e());
    assertArrayEquals(value.f(), copy.f());
    assertArrayEquals(value.g(), copy.g());
    assertArrayEquals(value.h(), copy.h());
    assertNotSame(value.d(), copy.d());
  }

  @Test
  void privateLocalAndEmptyRecordsComeBack() {
    record Local(char c, int i) {}

    assertEquals(new Hidden(1, 2), roundTrip(Hidden.class, new Hidden(1, 2)));
    assertEquals(new Local('c', 3), roundTrip(Local.class, new Local('c', 3)));
    assertEquals(new Empty(), roundTrip(Empty.class, new Empty()));
    HoldsEmpty holder = new HoldsEmpty(1, new Empty(), 2);
    assertEquals(holder, roundTrip(HoldsEmpty.class, holder));
  }

  @Test
  void anyAddressWillDo() {
    Codec<Gaps> codec = RecordLayout.of(Gaps.class).codec();
    Gaps value = new Gaps((byte) 1, 0x0102030405060708L, (short) 2, 3, (byte) 4);
    for (int misalignmentBytes = 0; misalignmentBytes < 8; misalignmentBytes++) {
      try (LocalBytes local = new LocalBytes(codec.lengthBytes(value), misalignmentBytes)) {
        local.write(codec, value);
        assertEquals(value, local.read(codec));
        assertTrue(local.guardsIntact());
      }
    }
  }

  @Test
  void equalValuesHaveEqualBytesWithPaddingZeroed() {
    RecordLayout<Gaps> layout = RecordLayout.of(Gaps.class);
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      local.write(layout.codec(), new Gaps((byte) -1, -1, (short) -1, -1, (byte) -1));
      byte[] expected = new byte[layout.lengthBytes()];
      Arrays.fill(expected, 0, 1, (byte) -1);
      Arrays.fill(expected, 8, 18, (byte) -1);
      Arrays.fill(expected, 20, 25, (byte) -1);
      assertArrayEquals(expected, local.copy());
    }
  }

  @Test
  void booleansAreBytesZeroAndOneAndAnyOtherByteIsTrue() {
    record Flag(boolean set) {}

    Codec<Flag> codec = RecordLayout.of(Flag.class).codec();
    try (LocalBytes local = new LocalBytes(1)) {
      local.write(codec, new Flag(true));
      assertEquals(1, local.copy()[0]);
      local.write(codec, new Flag(false));
      assertEquals(0, local.copy()[0]);
      local.bytes().set(ValueLayout.JAVA_BYTE, 0, (byte) 0x80);
      assertEquals(new Flag(true), local.read(codec));
    }
  }

  @Test
  void whatConstructorsThrowPassesThrough() {
    Codec<Positive> codec = RecordLayout.of(Positive.class).codec();
    try (LocalBytes local = new LocalBytes(Integer.BYTES)) {
      local.write(codec, new Positive(7));
      assertEquals(7, local.read(codec).value());
      local.bytes().fill((byte) 0);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> local.read(codec));
      assertEquals("not positive: 0", e.getMessage());
    }
  }

  @Test
  void anAccessorThatThrowsLeavesTheBytesAlone() {
    assertUnchanged(Moody.class, new Moody(1, -1), IllegalStateException.class, "moody");
  }

  @Test
  void nullsAndWrongArraysAreNamedAndLeaveTheBytesAlone() {
    Leaf leaf = new Leaf((byte) 1, 1);
    Twig twig = new Twig(leaf, (short) 1, leaf);
    long[] rings = new long[3];
    assertUnchanged(Branch.class, null, LayoutException.class, "Branch is null");
    assertUnchanged(
        Branch.class, new Branch(true, null, rings), LayoutException.class, "Branch.twig is null");
    assertUnchanged(
        Branch.class,
        new Branch(true, new Twig(leaf, (short) 1, null), rings),
        LayoutException.class,
        "Branch.twig.right is null");
    assertUnchanged(
        Branch.class, new Branch(true, twig, null), LayoutException.class, "Branch.rings is null");
    assertUnchanged(
        Branch.class,
        new Branch(true, twig, new long[4]),
        LayoutException.class,
        "Branch.rings has 4 elements instead of 3");
  }

  @Test
  void objectsOfAnotherLengthAreRefused() {
    Codec<Leaf> codec = RecordLayout.of(Leaf.class).codec();
    Leaf leaf = new Leaf((byte) 1, 1);
    for (int lengthBytes : new int[] {0, 15, 17}) {
      try (LocalBytes local = new LocalBytes(lengthBytes)) {
        LayoutException read = assertThrows(LayoutException.class, () -> local.read(codec));
        assertTrue(read.getMessage().contains(lengthBytes + " bytes"), read.getMessage());
        assertThrows(LayoutException.class, () -> local.write(codec, leaf));
        assertTrue(local.guardsIntact());
      }
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void aValueOfAnotherClassIsRefused() {
    Codec codec = RecordLayout.of(Leaf.class).codec();
    try (LocalBytes local = new LocalBytes(16)) {
      assertThrows(
          ClassCastException.class, () -> codec.write(local.rawAddress(), 16, new Hidden(1, 2)));
    }
  }

  @Test
  void recordCodecsHaveAFixedLength() {
    Codec<Leaf> codec = RecordLayout.of(Leaf.class).codec();
    assertTrue(codec.fixedLength());
    assertEquals(16, codec.lengthBytes(new Leaf((byte) 1, 1)));
    assertEquals(16, codec.lengthBytes(null));
    assertSame(codec, RecordLayout.of(Leaf.class).codec());
  }

  private static <T extends Record> T roundTrip(Class<T> type, T value) {
    Codec<T> codec = RecordLayout.of(type).codec();
    try (LocalBytes local = new LocalBytes(codec.lengthBytes(value))) {
      local.write(codec, value);
      assertTrue(local.guardsIntact());
      return local.read(codec);
    }
  }

  private static <T extends Record> void assertUnchanged(
      Class<T> type, T value, Class<? extends RuntimeException> thrown, String message) {
    Codec<T> codec = RecordLayout.of(type).codec();
    try (LocalBytes local = new LocalBytes(codec.lengthBytes(value))) {
      byte[] before = local.copy();
      RuntimeException e = assertThrows(thrown, () -> local.write(codec, value));
      assertTrue(e.getMessage().contains(message), e.getMessage());
      assertArrayEquals(before, local.copy());
    }
  }
}
