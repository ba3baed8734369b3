package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import org.junit.jupiter.api.Test;

/** The largest records, whose generated methods must stay compilable. */
@SuppressWarnings("ArrayRecordComponent")
class CodecGeneratorTest {
  /** HotSpot leaves longer methods to the interpreter (HugeMethodLimit). */
  private static final int LARGEST_COMPILED_METHOD_BYTES = 8000;

  record Gappy(byte a, @Length(1) long[] b, byte c, @Length(1) double[] d) {}

  record G5(Gappy a, Gappy b, Gappy c, Gappy d, Gappy e) {}

  record G25(G5 a, G5 b, G5 c, G5 d, G5 e) {}

  record Largest(G25 a, G5 b, G5 c, Gappy d, Gappy e, byte f, long g) {}

  record Single(long value) {}

  record S9(
      Single a, Single b, Single c, Single d, Single e, Single f, Single g, Single h, Single i) {}

  record S99(S9 a, S9 b, S9 c, S9 d, S9 e, S9 f, S9 g, S9 h, S9 i, S9 j, long k) {}

  record R9(
      FarRef<Single> a,
      FarRef<Single> b,
      FarRef<Single> c,
      FarRef<Single> d,
      FarRef<Single> e,
      FarRef<Single> f,
      FarRef<Single> g,
      FarRef<Single> h,
      FarRef<Single> i) {}

  record R190(
      R9 a,
      R9 b,
      R9 c,
      R9 d,
      R9 e,
      R9 f,
      R9 g,
      R9 h,
      R9 i,
      R9 j,
      R9 k,
      R9 l,
      R9 m,
      R9 n,
      R9 o,
      R9 p,
      R9 q,
      R9 r,
      R9 s) {}

  record TooMany(G25 a, G25 b) {}

  @Test
  void theLargestRecordsAreStillCompiled() {
    assertCompilable(Largest.class);
    assertCompilable(S99.class);
    assertCompilable(R190.class);
  }

  @Test
  void moreComponentsThanThatAreRefused() {
    LayoutException e = assertThrows(LayoutException.class, () -> RecordLayout.of(TooMany.class));
    assertTrue(e.getMessage().contains("at most " + ShapeReader.MAX_PARTS), e.getMessage());
  }

  private static void assertCompilable(Class<? extends Record> type) {
    RecordShape shape = ShapeReader.read(null, type);
    assertTrue(shape.parts() > ShapeReader.MAX_PARTS * 9 / 10, () -> "parts " + shape.parts());
    byte[] classBytes = CodecGenerator.classBytes(shape);
    for (MethodModel method : ClassFile.of().parse(classBytes).methods()) {
      int codeBytes = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
      assertTrue(
          codeBytes < LARGEST_COMPILED_METHOD_BYTES,
          () -> method.methodName() + " has " + codeBytes + " bytes");
    }
    assertEquals(shape.lengthBytes(), RecordLayout.of(type).lengthBytes());
  }
}
