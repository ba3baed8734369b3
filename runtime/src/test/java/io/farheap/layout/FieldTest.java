package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent")
class FieldTest {
  record AllKinds(byte a, short b, boolean c, int d, char e, long f, float g, double h) {}

  record Holder(byte tag, AllKinds inner, @Length(2) int[] pair) {}

  private final RecordLayout<Holder> layout = RecordLayout.of(Holder.class);

  @Test
  void fieldsReadWhatTheCodecWroteAndTheOtherWayRound() {
    Holder value =
        new Holder(
            (byte) 9,
            new AllKinds((byte) -1, (short) -2, true, -4, 'e', -6, -7.5f, -8.5),
            new int[] {1, 2});
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      local.write(layout.codec(), value);
      MemorySegment bytes = local.bytes();
      assertEquals((byte) 9, layout.byteField("tag").get(bytes));
      assertEquals((byte) -1, layout.byteField("inner.a").get(bytes));
      assertEquals((short) -2, layout.shortField("inner.b").get(bytes));
      assertTrue(layout.booleanField("inner.c").get(bytes));
      assertEquals(-4, layout.intField("inner.d").get(bytes));
      assertEquals('e', layout.charField("inner.e").get(bytes));
      assertEquals(-6L, layout.longField("inner.f").get(bytes));
      assertEquals(-7.5f, layout.floatField("inner.g").get(bytes));
      assertEquals(-8.5, layout.doubleField("inner.h").get(bytes));

      layout.byteField("inner.a").set(bytes, (byte) 11);
      layout.shortField("inner.b").set(bytes, (short) 12);
      layout.booleanField("inner.c").set(bytes, false);
      layout.intField("inner.d").set(bytes, 14);
      layout.charField("inner.e").set(bytes, 'E');
      layout.longField("inner.f").set(bytes, 16);
      layout.floatField("inner.g").set(bytes, 17.5f);
      layout.doubleField("inner.h").set(bytes, 18.5);
      assertEquals(
          new AllKinds((byte) 11, (short) 12, false, 14, 'E', 16, 17.5f, 18.5),
          local.read(layout.codec()).inner());
    }
  }

  @Test
  void aFieldKnowsItsPlace() {
    LongField<Holder> field = layout.longField("inner.f");
    assertEquals(layout.offsetOf("inner.f"), field.offsetBytes());
    assertEquals("inner.f", field.name());
    assertSame(Holder.class, field.recordType());
  }

  @Test
  void theWrongKindNamesTheRightAccessor() {
    assertRefused(() -> layout.longField("inner.d"), "has the type int", "intField(\"inner.d\")");
    assertRefused(() -> layout.intField("inner.h"), "double", "doubleField(\"inner.h\")");
    assertRefused(() -> layout.byteField("inner.c"), "boolean", "booleanField(\"inner.c\")");
    assertRefused(() -> layout.doubleField("inner"), "AllKinds", "inner.a, inner.b");
    assertRefused(() -> layout.intField("pair"), "int[2]", "offsetOf(\"pair\")");
    assertRefused(() -> layout.intField("missing"), "tag, inner, pair");
  }

  @Test
  void bytesThatAreTooFewOrReadOnlyAreRefused() {
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      LongField<Holder> field = layout.longField("inner.f");
      MemorySegment tooFew = local.bytes().asSlice(0, 31);
      assertThrows(IndexOutOfBoundsException.class, () -> field.get(tooFew));
      assertThrows(IndexOutOfBoundsException.class, () -> field.set(tooFew, 1));
      MemorySegment readOnly = local.bytes().asReadOnly();
      assertThrows(IllegalArgumentException.class, () -> field.set(readOnly, 1));
    }
  }

  private static void assertRefused(Runnable misuse, String... parts) {
    LayoutException e = assertThrows(LayoutException.class, misuse::run);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> part + " is not in: " + e.getMessage());
    }
  }
}
