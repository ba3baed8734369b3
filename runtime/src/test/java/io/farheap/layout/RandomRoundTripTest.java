package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random values of records of many shapes. What the generated code stores is compared with what
 * {@code java.lang.foreign} finds through the layout's variable handles, then read back.
 */
@SuppressWarnings("ArrayRecordComponent")
class RandomRoundTripTest {
  private static final long SEED = 20251121;
  private static final int VALUES = 100;

  record Point(double x, double y) {}

  record Mixed(byte a, short b, boolean c, int d, char e, long f, float g, double h) {}

  record Reversed(double h, float g, long f, char e, int d, boolean c, short b, byte a) {}

  record Odd(byte a, double b, byte c, float d, byte e, char f, boolean g) {}

  record Twice(Odd first, byte gap, Odd second) {}

  record Deep(char a, Twice b, Mixed c, short d, Twice e) {}

  record Arrays(
      @Length(7) byte[] a,
      @Length(3) double[] b,
      @Length(1) boolean[] c,
      @Length(5) int[] d,
      @Length(17) char[] e,
      @Length(2) long[] f,
      @Length(31) short[] g,
      @Length(4) float[] h) {}

  record All(byte tag, Arrays arrays, Deep deep, Point point, @Length(1000) int[] many) {}

  @ParameterizedTest
  @ValueSource(
      classes = {
        Point.class,
        Mixed.class,
        Reversed.class,
        Odd.class,
        Twice.class,
        Deep.class,
        Arrays.class,
        All.class
      })
  void randomValuesComeBack(Class<? extends Record> type) throws ReflectiveOperationException {
    check(type);
  }

  private static <T extends Record> void check(Class<T> type) throws ReflectiveOperationException {
    RecordLayout<T> layout = RecordLayout.of(type);
    for (int i = 0; i < VALUES; i++) {
      long seed = SEED + i;
      T value = type.cast(randomRecord(type, new Random(seed)));
      List<Object> expected = new ArrayList<>();
      flatten(value, expected);
      try (LocalBytes local = new LocalBytes(layout.lengthBytes())) {
        local.write(layout.codec(), value);
        List<Object> stored = new ArrayList<>();
        load(type, layout.memoryLayout(), local.bytes(), new ArrayList<>(), stored);
        assertEquals(expected, stored, () -> type + ", seed " + seed);
        List<Object> read = new ArrayList<>();
        flatten(local.read(layout.codec()), read);
        assertEquals(expected, read, () -> type + ", seed " + seed);
        assertTrue(local.guardsIntact(), () -> type + ", seed " + seed);
      }
    }
  }

  private static Object randomRecord(Class<?> type, Random random)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] parameters = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Class<?> component = components[i].getType();
      parameters[i] = component;
      if (component.isArray()) {
        int length = components[i].getAnnotation(Length.class).value();
        arguments[i] = Array.newInstance(component.getComponentType(), length);
        for (int j = 0; j < length; j++) {
          Array.set(arguments[i], j, randomValue(component.getComponentType(), random));
        }
      } else if (component.isRecord()) {
        arguments[i] = randomRecord(component, random);
      } else {
        arguments[i] = randomValue(component, random);
      }
    }
    return type.getDeclaredConstructor(parameters).newInstance(arguments);
  }

  private static Object randomValue(Class<?> type, Random random) {
    long bits = random.nextInt(8) == 0 ? random.nextInt(3) - 1 : random.nextLong();
    return switch (type.getName()) {
      case "boolean" -> (bits & 1) != 0;
      case "byte" -> (byte) bits;
      case "short" -> (short) bits;
      case "char" -> (char) bits;
      case "int" -> (int) bits;
      case "long" -> bits;
      case "float" -> Float.intBitsToFloat((int) bits);
      case "double" -> Double.longBitsToDouble(bits);
      default -> throw new IllegalArgumentException(type.getName());
    };
  }

  /** All primitive values of a record, depth first. */
  private static void flatten(Object value, List<Object> out) throws ReflectiveOperationException {
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        flatten(component.getAccessor().invoke(value), out);
      }
    } else if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        out.add(Array.get(value, i));
      }
    } else {
      out.add(value);
    }
  }

  /** The same values as {@link #flatten} gives, found by the layout's names. */
  private static void load(
      Class<?> type,
      MemoryLayout layout,
      MemorySegment bytes,
      List<PathElement> path,
      List<Object> out) {
    for (RecordComponent component : type.getRecordComponents()) {
      path.addLast(PathElement.groupElement(component.getName()));
      if (component.getType().isRecord()) {
        load(component.getType(), layout, bytes, path, out);
      } else if (component.getType().isArray()) {
        for (int i = 0; i < component.getAnnotation(Length.class).value(); i++) {
          path.addLast(PathElement.sequenceElement(i));
          out.add(loadValue(layout, bytes, path));
          path.removeLast();
        }
      } else {
        out.add(loadValue(layout, bytes, path));
      }
      path.removeLast();
    }
  }

  private static Object loadValue(
      MemoryLayout layout, MemorySegment bytes, List<PathElement> path) {
    VarHandle handle = layout.varHandle(path.toArray(PathElement[]::new));
    return handle.get(bytes, 0L);
  }
}
