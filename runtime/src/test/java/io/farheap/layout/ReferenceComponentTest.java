package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Components that refer to other objects. */
@SuppressWarnings("ArrayRecordComponent")
class ReferenceComponentTest {
  record Node(int key, FarRef<Node> next) {}

  record Children(FarRef<Tree> left, FarRef<Tree> right) {}

  record Tree(byte tag, Children children, FarRef<byte[]> payload, short after) {}

  record Ping(FarRef<Pong> pong) {}

  record Pong(FarRef<Ping> ping) {}

  record Unnamed(FarRef<?> any) {}

  @SuppressWarnings("rawtypes")
  record Raw(FarRef any) {}

  record Bounded(FarRef<? extends Node> any) {}

  record ToText(FarRef<String> text) {}

  record ToInts(FarRef<int[]> ints) {}

  record Several(@Length(4) FarRef<Node>[] children) {}

  record Measured(@Length(4) FarRef<Node> child) {}

  @Test
  void aReferenceTakesEightAlignedBytes() {
    assertEquals(16, RecordLayout.of(Node.class).lengthBytes());
    RecordLayout<Tree> layout = RecordLayout.of(Tree.class);
    assertEquals(16, layout.offsetOf("children.right"));
    assertEquals(24, layout.offsetOf("payload"));
    assertEquals(40, layout.lengthBytes());
    assertEquals(
        16,
        layout
            .memoryLayout()
            .byteOffset(PathElement.groupElement("children"), PathElement.groupElement("right")));
  }

  @Test
  void descriptionNamesTheTarget() {
    record Shown(FarRef<Node> node, FarRef<byte[]> bytes) {}

    String expected =
        """
        record io.farheap.layout.ReferenceComponentTest$1Shown: 16 bytes, aligned to 8
          offset   bytes  component
               0       8  FarRef<Node> node
               8       8  FarRef<byte[]> bytes
        """;
    assertEquals(expected, RecordLayout.of(Shown.class).describe().replace("\r\n", "\n"));
  }

  @Test
  void recordsMayReferToThemselvesAndToEachOther() {
    assertEquals(8, RecordLayout.of(Ping.class).lengthBytes());
    assertEquals(8, RecordLayout.of(Pong.class).lengthBytes());
  }

  @Test
  void whatWasWrittenIsRead() {
    RecordLayout<Tree> layout = RecordLayout.of(Tree.class);
    Tree value =
        new Tree(
            (byte) 1,
            new Children(FarRef.of(Tree.class, 0x0102_0304_0506_0708L), FarRef.none()),
            FarRef.of(byte[].class, -1),
            (short) 2);
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      local.write(layout.codec(), value);
      Tree read = local.read(layout.codec());
      assertEquals(value, read);
      assertSame(FarRef.none(), read.children().right());
      assertNotEquals(value, new Tree(read.tag(), read.children(), FarRef.none(), read.after()));
      MemorySegment bytes = local.bytes();
      assertEquals(
          0x0102_0304_0506_0708L, layout.refField("children.left", Tree.class).getHandle(bytes));
      assertTrue(local.guardsIntact());
    }
  }

  @Test
  void fieldsReadWhatTheCodecWroteAndTheOtherWayRound() {
    RecordLayout<Tree> layout = RecordLayout.of(Tree.class);
    RefField<Tree, Tree> right = layout.refField("children.right", Tree.class);
    RefField<Tree, byte[]> payload = layout.refField("payload", byte[].class);
    assertSame(Tree.class, right.target());
    assertEquals(layout.offsetOf("children.right"), right.offsetBytes());
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      Children none = new Children(FarRef.none(), FarRef.none());
      local.write(layout.codec(), new Tree((byte) 1, none, FarRef.none(), (short) 2));
      MemorySegment bytes = local.bytes();
      assertTrue(right.get(bytes).isNone());
      right.set(bytes, FarRef.of(Tree.class, 7));
      payload.setHandle(bytes, 8);
      assertEquals(FarRef.of(Tree.class, 7), right.get(bytes));
      assertEquals(8, payload.getHandle(bytes));
      assertEquals(
          new Tree(
              (byte) 1,
              new Children(FarRef.none(), FarRef.of(Tree.class, 7)),
              FarRef.of(byte[].class, 8),
              (short) 2),
          local.read(layout.codec()));
      right.set(bytes, FarRef.none());
      assertEquals(0, right.getHandle(bytes));
    }
  }

  @Test
  void nullIsRefusedAndChangesNothing() {
    RecordLayout<Tree> layout = RecordLayout.of(Tree.class);
    Tree value =
        new Tree((byte) 1, new Children(FarRef.none(), FarRef.none()), FarRef.none(), (short) 2);
    try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
      local.write(layout.codec(), value);
      Tree wrong = new Tree((byte) 3, new Children(FarRef.none(), null), FarRef.none(), (short) 4);
      LayoutException e =
          assertThrows(LayoutException.class, () -> local.write(layout.codec(), wrong));
      assertMessage(e, "Tree.children.right is null", "FarRef.none()");
      assertEquals(value, local.read(layout.codec()));
    }
  }

  @Test
  void aReferenceMustNameWhatItRefersTo() {
    assertRefused(Unnamed.class, "component any", "FarRef<?>", "FarRef<Node>", "long");
    assertRefused(Raw.class, "component any", "FarRef<Node>");
    assertRefused(Bounded.class, "component any", "extends", "FarRef<Node>");
    assertRefused(ToText.class, "component text", "FarRef<java.lang.String>", "FarRef<byte[]>");
    assertRefused(ToInts.class, "component ints", "FarRef<int[]>", "FarRef<byte[]>");
    assertRefused(Several.class, "component children", "long[] with @Length(n)");
    assertRefused(Measured.class, "component child", "arrays only");
  }

  @Test
  void theWrongKindOrTargetNamesTheRightAccessor() {
    RecordLayout<Tree> layout = RecordLayout.of(Tree.class);
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.longField("payload")),
        "Tree.payload has the type FarRef<byte[]>, not long",
        "refField(\"payload\", byte[].class)");
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.refField("payload", Tree.class)),
        "not FarRef<Tree>",
        "byte[].class");
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.refField("after", Tree.class)),
        "shortField(\"after\")");
    assertMessage(
        assertThrows(LayoutException.class, () -> layout.refField("children", Tree.class)),
        "children.left, children.right");
  }

  @Test
  void codecsKnowTheClassOfTheirValues() {
    assertSame(Tree.class, RecordLayout.of(Tree.class).codec().valueType());
    assertSame(byte[].class, Codec.bytes().valueType());
  }

  private static <T extends Record> void assertRefused(Class<T> type, String... parts) {
    assertMessage(assertThrows(LayoutException.class, () -> RecordLayout.of(type)), parts);
  }

  private static void assertMessage(LayoutException e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> part + " is not in: " + e.getMessage());
    }
  }
}
