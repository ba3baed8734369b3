package io.farheap.layout;

import io.farheap.error.LayoutException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays record classes out, and refuses those that have no fixed layout. One use, one thread. */
final class ShapeReader {
  /**
   * Most components of a record, those of nested records included. It keeps the generated methods
   * under the size at which HotSpot stops compiling them (8,000 bytes of bytecode).
   */
  static final int MAX_PARTS = 200;

  /** Lengths and offsets are ints; how large an object may be is for the heap to say. */
  private static final int MAX_LENGTH_BYTES = 1 << 30;

  private static final MethodType ERASED_ACCESSOR = MethodType.methodType(void.class, Object.class);

  private final RecordAccess access;
  private final Map<Class<?>, RecordShape> known = new HashMap<>();

  private ShapeReader(RecordAccess access) {
    this.access = access;
  }

  /**
   * Lays a class out.
   *
   * @param caller a lookup that can reach the record, or null
   * @param type the class
   * @throws LayoutException when the class has no layout or cannot be accessed
   */
  static RecordShape read(MethodHandles.Lookup caller, Class<?> type) {
    return new ShapeReader(new RecordAccess(caller)).shapeOf(type);
  }

  /** Null in {@link #known} marks a record whose components are being looked at. */
  private RecordShape shapeOf(Class<?> type) {
    if (!known.containsKey(type)) {
      known.put(type, null);
      known.put(type, layOut(type));
    }
    RecordShape shape = known.get(type);
    if (shape == null) {
      throw refuse(
          type,
          "it contains itself, so it has no fixed size. Refer to it by FarRef<"
              + type.getSimpleName()
              + ">.");
    }
    return shape;
  }

  private RecordShape layOut(Class<?> type) {
    requireRecord(type);
    RecordComponent[] declared = type.getRecordComponents();
    for (RecordComponent component : declared) {
      requireSupported(type, component);
    }
    RecordAccess.Members members = access.members(type, declared);
    List<Component> components = new ArrayList<>();
    long endBytes = 0;
    int alignmentBytes = 1;
    int parts = 0;
    for (int i = 0; i < declared.length; i++) {
      Component component = place(type, declared[i], endBytes, members.accessors().get(i));
      components.add(component);
      endBytes = (long) component.offsetBytes() + component.lengthBytes();
      alignmentBytes = Math.max(alignmentBytes, component.alignmentBytes());
      parts += component instanceof Component.Nested nested ? 1 + nested.shape().parts() : 1;
    }
    if (parts > MAX_PARTS) {
      throw refuse(
          type,
          "it has "
              + parts
              + " components, those of nested records included; at most "
              + MAX_PARTS
              + " are possible. Use an array with @Length(n), or several records.");
    }
    long lengthBytes = RecordShape.alignUp(endBytes, alignmentBytes);
    return new RecordShape(
        type,
        eraseConstructor(members.constructor(), components),
        List.copyOf(components),
        (int) lengthBytes,
        alignmentBytes,
        parts);
  }

  private static void requireRecord(Class<?> type) {
    if (!type.isRecord()) {
      throw refuse(type, "it is not a record. Declare it as one, or store its bytes as byte[].");
    }
    if (type.getTypeParameters().length > 0) {
      throw refuse(type, "it is generic. Declare a record of its own for each type of content.");
    }
  }

  private static void requireSupported(Class<?> type, RecordComponent component) {
    Class<?> declared = component.getType();
    Length length = component.getAnnotation(Length.class);
    if (declared.isArray()) {
      if (declared.getComponentType() == FarRef.class) {
        throw refuse(
            type,
            component,
            "Use one component per reference, or the handles as a long[] with @Length(n).");
      }
      if (ComponentKind.of(declared.getComponentType()) == null) {
        throw refuse(type, component, ComponentKind.SUPPORTED);
      }
      if (length == null) {
        throw refuse(type, component, "Give the array a fixed length with @Length(n).");
      }
      if (length.value() < 1) {
        throw refuse(
            type, component, "@Length(" + length.value() + ") must be 1 or more elements.");
      }
    } else if (length != null) {
      throw refuse(type, component, "@Length is for arrays only: remove it.");
    } else if (declared == FarRef.class) {
      target(type, component);
    } else if (ComponentKind.of(declared) == null && !declared.isRecord()) {
      throw refuse(type, component, ComponentKind.SUPPORTED);
    }
  }

  /** What a component of type FarRef refers to. */
  private static Class<?> target(Class<?> type, RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType declared) {
      Type argument = declared.getActualTypeArguments()[0];
      if (argument instanceof Class<?> target && (target.isRecord() || target == byte[].class)) {
        return target;
      }
    }
    throw refuse(
        type,
        component,
        "Refer to a record class by its name, as in FarRef<Node>, or to FarRef<byte[]>; for a"
            + " handle of any object use long.");
  }

  private Component place(
      Class<?> type, RecordComponent declared, long endBytes, MethodHandle accessor) {
    String name = declared.getName();
    Class<?> componentType = declared.getType();
    if (componentType == FarRef.class) {
      int bytes = Component.Reference.BYTES;
      return new Component.Reference(
          name,
          offset(type, declared, endBytes, bytes, bytes),
          eraseAccessor(accessor, FarRef.class),
          target(type, declared));
    }
    ComponentKind kind =
        ComponentKind.of(
            componentType.isArray() ? componentType.getComponentType() : componentType);
    if (kind == null) {
      RecordShape shape = shapeOf(componentType);
      int offsetBytes =
          offset(type, declared, endBytes, shape.alignmentBytes(), shape.lengthBytes());
      return new Component.Nested(name, offsetBytes, eraseAccessor(accessor, Object.class), shape);
    }
    int elements = componentType.isArray() ? declared.getAnnotation(Length.class).value() : 1;
    int offsetBytes =
        offset(type, declared, endBytes, kind.sizeBytes(), (long) elements * kind.sizeBytes());
    MethodHandle erased = eraseAccessor(accessor, componentType);
    return componentType.isArray()
        ? new Component.Elements(name, offsetBytes, erased, kind, elements)
        : new Component.Value(name, offsetBytes, erased, kind);
  }

  private static int offset(
      Class<?> type,
      RecordComponent declared,
      long endBytes,
      int alignmentBytes,
      long lengthBytes) {
    long offsetBytes = RecordShape.alignUp(endBytes, alignmentBytes);
    if (offsetBytes + lengthBytes > MAX_LENGTH_BYTES) {
      throw refuse(
          type,
          declared,
          "It would end at byte "
              + (offsetBytes + lengthBytes)
              + ", and no record can be longer than "
              + MAX_LENGTH_BYTES
              + " bytes: make the array shorter.");
    }
    return (int) offsetBytes;
  }

  /** Generated code cannot name the record classes, which other class loaders may have defined. */
  private static MethodHandle eraseAccessor(MethodHandle accessor, Class<?> carrier) {
    return accessor.asType(ERASED_ACCESSOR.changeReturnType(carrier));
  }

  private static MethodHandle eraseConstructor(
      MethodHandle constructor, List<Component> components) {
    List<Class<?>> carriers = new ArrayList<>();
    for (Component component : components) {
      carriers.add(component.carrier());
    }
    return constructor.asType(MethodType.methodType(Object.class, carriers));
  }

  private static LayoutException refuse(
      Class<?> type, RecordComponent component, String explanation) {
    return refuse(
        type,
        "its component "
            + component.getName()
            + " has the type "
            + component.getGenericType().getTypeName()
            + ". "
            + explanation);
  }

  private static LayoutException refuse(Class<?> type, String explanation) {
    return new LayoutException(
        type.getTypeName() + " cannot be laid out in far memory: " + explanation);
  }
}
