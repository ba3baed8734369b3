package io.farheap.layout;

import io.farheap.error.LayoutException;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * How the records of a class lie in far memory: a fixed number of bytes, worked out once per class.
 *
 * <p>Components are the eight primitive types, references to other objects ({@code FarRef<R>},
 * which take 8 bytes), records of supported components, and arrays of primitives with {@link
 * Length}. They lie in declared order, each aligned to its own size (a nested record to the largest
 * alignment in it, an array to its element's size), in the machine's byte order; a boolean is a
 * byte 0 or 1. The length is rounded up to the largest alignment, 8 at most; objects start at
 * multiples of 8. Padding is written as zeros, so equal values have equal bytes. {@link
 * #describe()} draws it.
 *
 * <p>Values are read by the canonical constructor, which may refuse them, and written by the
 * accessors. A record class has to be reachable: in a module, its package is open to {@code
 * io.farheap.runtime}, or the class and its package are public and exported, or the first call is
 * {@link #of(MethodHandles.Lookup, Class)}.
 *
 * <p>Immutable and safe for all threads.
 *
 * @param <T> the record class
 */
public final class RecordLayout<T> {
  /** A ClassValue's own computation cannot take a lookup, so it only makes the place. */
  private static final ClassValue<AtomicReference<RecordLayout<?>>> CACHE =
      new ClassValue<>() {
        @Override
        protected AtomicReference<RecordLayout<?>> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  private final Class<T> recordType;
  private final RecordShape shape;
  private final Codec<T> codec;
  private final StructLayout memoryLayout;

  private RecordLayout(Class<T> recordType, RecordShape shape) {
    this.recordType = recordType;
    this.shape = shape;
    this.codec = CodecGenerator.generate(shape);
    this.memoryLayout = shape.memoryLayout();
  }

  /**
   * The layout of a record class.
   *
   * @param recordType the class
   * @return the same layout at every call for that class
   * @throws LayoutException when the class is no record, is generic, has a component that is not
   *     supported, or cannot be reached
   */
  public static <T extends Record> RecordLayout<T> of(Class<T> recordType) {
    return of(CACHE.get(recordType), null, recordType);
  }

  /**
   * The layout of a record class that only the caller can reach, in a package that is not open.
   * Once made, {@link #of(Class)} finds it too.
   *
   * @param caller {@code MethodHandles.lookup()} of a class that can call the record's constructor
   *     and accessors, and those of its nested records
   * @param recordType the class
   * @return the same layout at every call for that class
   * @throws LayoutException as for {@link #of(Class)}
   */
  public static <T extends Record> RecordLayout<T> of(
      MethodHandles.Lookup caller, Class<T> recordType) {
    Objects.requireNonNull(caller, "caller");
    return of(CACHE.get(recordType), caller, recordType);
  }

  /** Racing threads may both make one; the first to publish wins. A failure is not kept. */
  @SuppressWarnings("unchecked")
  private static <T> RecordLayout<T> of(
      AtomicReference<RecordLayout<?>> place, MethodHandles.Lookup caller, Class<T> recordType) {
    RecordLayout<?> layout = place.getAcquire();
    if (layout == null) {
      place.compareAndSet(
          null, new RecordLayout<>(recordType, ShapeReader.read(caller, recordType)));
      layout = place.get();
    }
    return (RecordLayout<T>) layout;
  }

  /** The record class. */
  public Class<T> recordType() {
    return recordType;
  }

  /** Bytes that every record of the class takes, padding included. */
  public int lengthBytes() {
    return shape.lengthBytes();
  }

  /**
   * Where a component lies.
   *
   * @param path its name, or names joined by dots for one of a nested record: {@code position.x}
   * @return bytes from the record's first byte
   * @throws LayoutException when there is no such component
   */
  public long offsetOf(String path) {
    return locate(path).offsetBytes();
  }

  /** The same layout in terms of {@code java.lang.foreign}, with the components' names. */
  public StructLayout memoryLayout() {
    return memoryLayout;
  }

  /** A table of offset, length, type and name of each component and gap, for people. */
  public String describe() {
    return LayoutText.describe(shape);
  }

  /** What turns these records into bytes and back; for the runtime, see {@link Codec}. */
  public Codec<T> codec() {
    return codec;
  }

  /**
   * Access to a {@code boolean} component.
   *
   * @param path name or path as for {@link #offsetOf}
   * @throws LayoutException when there is no such component, or it has another type
   */
  public BooleanField<T> booleanField(String path) {
    return new BooleanField<>(recordType, path, offsetOf(path, ComponentKind.BOOLEAN));
  }

  /** Access to a {@code byte} component; see {@link #booleanField}. */
  public ByteField<T> byteField(String path) {
    return new ByteField<>(recordType, path, offsetOf(path, ComponentKind.BYTE));
  }

  /** Access to a {@code short} component; see {@link #booleanField}. */
  public ShortField<T> shortField(String path) {
    return new ShortField<>(recordType, path, offsetOf(path, ComponentKind.SHORT));
  }

  /** Access to a {@code char} component; see {@link #booleanField}. */
  public CharField<T> charField(String path) {
    return new CharField<>(recordType, path, offsetOf(path, ComponentKind.CHAR));
  }

  /** Access to an {@code int} component; see {@link #booleanField}. */
  public IntField<T> intField(String path) {
    return new IntField<>(recordType, path, offsetOf(path, ComponentKind.INT));
  }

  /** Access to a {@code long} component; see {@link #booleanField}. */
  public LongField<T> longField(String path) {
    return new LongField<>(recordType, path, offsetOf(path, ComponentKind.LONG));
  }

  /** Access to a {@code float} component; see {@link #booleanField}. */
  public FloatField<T> floatField(String path) {
    return new FloatField<>(recordType, path, offsetOf(path, ComponentKind.FLOAT));
  }

  /** Access to a {@code double} component; see {@link #booleanField}. */
  public DoubleField<T> doubleField(String path) {
    return new DoubleField<>(recordType, path, offsetOf(path, ComponentKind.DOUBLE));
  }

  /**
   * Access to a reference to another object.
   *
   * @param path name or path as for {@link #offsetOf}
   * @param target the {@code R} of the component's type {@code FarRef<R>}
   * @throws LayoutException when there is no such component, or it has another type
   */
  public <R> RefField<T, R> refField(String path, Class<R> target) {
    Located located = locate(path);
    if (!(located.component() instanceof Component.Reference reference)
        || reference.target() != target) {
      throw otherType(path, located.component(), "FarRef<" + target.getSimpleName() + ">");
    }
    return new RefField<>(recordType, path, Math.toIntExact(located.offsetBytes()), target);
  }

  /** Class and length. */
  @Override
  public String toString() {
    return "RecordLayout of " + recordType.getTypeName() + ", " + shape.lengthBytes() + " bytes";
  }

  /** A component and its offset from the outermost record. */
  private record Located(Component component, long offsetBytes) {}

  private Located locate(String path) {
    RecordShape within = shape;
    long baseBytes = 0;
    int start = 0;
    while (true) {
      int dot = path.indexOf('.', start);
      String name = dot < 0 ? path.substring(start) : path.substring(start, dot);
      Component component = within.find(name);
      if (component == null) {
        throw unknown(path, name, within);
      }
      if (dot < 0) {
        return new Located(component, baseBytes + component.offsetBytes());
      }
      if (!(component instanceof Component.Nested nested)) {
        throw new LayoutException(
            label(path)
                + " does not exist: "
                + name
                + " has the type "
                + component.typeName()
                + ".");
      }
      baseBytes += component.offsetBytes();
      within = nested.shape();
      start = dot + 1;
    }
  }

  private int offsetOf(String path, ComponentKind wanted) {
    Located located = locate(path);
    if (!(located.component() instanceof Component.Value value) || value.kind() != wanted) {
      throw otherType(path, located.component(), wanted.type().getSimpleName());
    }
    return Math.toIntExact(located.offsetBytes());
  }

  private LayoutException otherType(String path, Component component, String wanted) {
    String instead =
        switch (component) {
          case Component.Value value ->
              "use " + value.kind().fieldMethodName() + "(\"" + path + "\")";
          case Component.Reference reference ->
              "use refField(\"" + path + "\", " + reference.target().getSimpleName() + ".class)";
          case Component.Nested nested ->
              "name one of its components: " + names(nested.shape(), path + ".");
          case Component.Elements _ ->
              "read the whole record, or its dereferenced bytes from offsetOf(\"" + path + "\")";
        };
    return new LayoutException(
        label(path)
            + " has the type "
            + component.typeName()
            + ", not "
            + wanted
            + ": "
            + instead
            + ".");
  }

  private LayoutException unknown(String path, String name, RecordShape within) {
    return new LayoutException(
        label(path)
            + " does not exist: "
            + within.type().getSimpleName()
            + " has no component \""
            + name
            + "\", it has: "
            + names(within, "")
            + ".");
  }

  private String label(String path) {
    return recordType.getSimpleName() + "." + path;
  }

  private static String names(RecordShape shape, String prefix) {
    return shape.components().stream()
        .map(component -> prefix + component.name())
        .collect(Collectors.joining(", "));
  }
}
