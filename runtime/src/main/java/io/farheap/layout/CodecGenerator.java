package io.farheap.layout;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one hidden class per record class: a {@link RecordCodec} without loops, branches, boxing
 * or reflection of its own.
 *
 * <pre>
 *   read:   constructor(get(rawAddress + 0), constructorOfNested(get(rawAddress + 8), ...), ...)
 *   write:  locals := accessors, depth first, nulls and array lengths checked
 *           put(rawAddress + 0, local); ...; zeroes into the padding
 * </pre>
 *
 * <p>Constructors, accessors and classes are the hidden class's class data, loaded as dynamic
 * constants, so that the JIT sees through them. A write stores nothing before the whole value is in
 * locals: neither an accessor that throws nor a wrong array leaves half a record behind.
 */
final class CodecGenerator {
  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();
  private static final ClassDesc SUPER = desc(RecordCodec.class);
  private static final ClassDesc OBJECT = ConstantDescs.CD_Object;

  private static final int ADDRESS_PARAMETER = 0;
  private static final int LENGTH_PARAMETER = 1;
  private static final int VALUE_PARAMETER = 2;

  private final RecordShape shape;
  private final String label;

  /** Class data: method handles and classes, each there once. Neither has equals of its own. */
  private final Map<Object, Integer> classData = new LinkedHashMap<>();

  private CodecGenerator(RecordShape shape) {
    this.shape = shape;
    this.label = shape.type().getSimpleName();
  }

  /** Makes the codec of a record class. */
  @SuppressWarnings("unchecked")
  static <T> Codec<T> generate(RecordShape shape) {
    CodecGenerator generator = new CodecGenerator(shape);
    byte[] classBytes = generator.classBytes();
    try {
      MethodHandles.Lookup hidden =
          OWN.defineHiddenClassWithClassData(
              classBytes, List.<Object>copyOf(generator.classData.keySet()), true);
      return (Codec<T>) hidden.lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("The codec of " + shape.type().getTypeName() + " is broken.", e);
    }
  }

  /** The class file, for tests. */
  static byte[] classBytes(RecordShape shape) {
    return new CodecGenerator(shape).classBytes();
  }

  private byte[] classBytes() {
    ClassDesc self = ClassDesc.of(OWN.lookupClass().getPackageName(), label + "$Codec");
    return ClassFile.of()
        .build(
            self,
            type ->
                type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withSuperclass(SUPER)
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        ConstantDescs.MTD_void,
                        0,
                        CodecGenerator::emitConstructor)
                    .withMethodBody(
                        "valueType",
                        MethodTypeDesc.of(ConstantDescs.CD_Class),
                        ClassFile.ACC_PUBLIC,
                        code -> {
                          emitClass(code, shape.type());
                          code.areturn();
                        })
                    .withMethodBody(
                        "lengthBytes",
                        MethodTypeDesc.of(ConstantDescs.CD_int, OBJECT),
                        ClassFile.ACC_PUBLIC,
                        code -> code.loadConstant(shape.lengthBytes()).ireturn())
                    .withMethodBody(
                        "read",
                        MethodTypeDesc.of(OBJECT, ConstantDescs.CD_long, ConstantDescs.CD_int),
                        ClassFile.ACC_PUBLIC,
                        this::emitRead)
                    .withMethodBody(
                        "write",
                        MethodTypeDesc.of(
                            ConstantDescs.CD_void,
                            ConstantDescs.CD_long,
                            ConstantDescs.CD_int,
                            OBJECT),
                        ClassFile.ACC_PUBLIC,
                        this::emitWrite));
  }

  private static void emitConstructor(CodeBuilder code) {
    code.aload(0).invokespecial(SUPER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_();
  }

  private void emitRead(CodeBuilder code) {
    emitLengthCheck(code);
    emitNew(code, shape, 0);
    code.areturn();
  }

  /** Leaves a new record of that shape on the stack. */
  private void emitNew(CodeBuilder code, RecordShape record, int baseBytes) {
    emitHandle(code, record.constructor());
    for (Component component : record.components()) {
      int offsetBytes = baseBytes + component.offsetBytes();
      switch (component) {
        case Component.Value value -> {
          emitAddress(code, offsetBytes);
          ComponentKind kind = value.kind();
          emitStatic(code, kind.access(), kind.getterName(), kind.type(), long.class);
        }
        case Component.Elements array -> {
          emitAddress(code, offsetBytes);
          code.loadConstant(array.length());
          String getter = array.kind().arrayGetterName();
          emitStatic(code, RawArrays.class, getter, array.carrier(), long.class, int.class);
        }
        case Component.Reference reference -> {
          emitAddress(code, offsetBytes);
          emitClass(code, reference.target());
          emitStatic(code, CodecSupport.class, "getRef", FarRef.class, long.class, Class.class);
        }
        case Component.Nested nested -> emitNew(code, nested.shape(), offsetBytes);
      }
    }
    emitInvokeExact(code, record.constructor());
  }

  private void emitWrite(CodeBuilder code) {
    emitLengthCheck(code);
    int slot = code.parameterSlot(VALUE_PARAMETER);
    code.aload(slot).loadConstant(label);
    emitStatic(code, CodecSupport.class, "requireValue", void.class, Object.class, String.class);
    List<Store> stores = new ArrayList<>();
    emitGather(code, shape, slot, 0, label, stores);
    int endBytes = 0;
    for (Store store : stores) {
      emitPadding(code, endBytes, store.offsetBytes());
      emitStore(code, store);
      endBytes = store.offsetBytes() + store.component().lengthBytes();
    }
    emitPadding(code, endBytes, shape.lengthBytes());
    code.return_();
  }

  /** A component that waits in a local to be stored. */
  private record Store(Component component, int offsetBytes, int slot) {}

  private void emitGather(
      CodeBuilder code,
      RecordShape record,
      int recordSlot,
      int baseBytes,
      String path,
      List<Store> stores) {
    for (Component component : record.components()) {
      int offsetBytes = baseBytes + component.offsetBytes();
      String componentPath = path + "." + component.name();
      TypeKind typeKind = TypeKind.from(component.carrier());
      int slot = code.allocateLocal(typeKind);
      emitHandle(code, component.accessor());
      code.aload(recordSlot);
      emitInvokeExact(code, component.accessor());
      code.storeLocal(typeKind, slot);
      switch (component) {
        case Component.Value _ -> stores.add(new Store(component, offsetBytes, slot));
        case Component.Elements array -> {
          code.aload(slot).loadConstant(array.length()).loadConstant(componentPath);
          emitStatic(
              code,
              CodecSupport.class,
              "requireArray",
              void.class,
              Object.class,
              int.class,
              String.class);
          stores.add(new Store(component, offsetBytes, slot));
        }
        case Component.Reference _ -> {
          code.aload(slot).loadConstant(componentPath);
          emitStatic(
              code, CodecSupport.class, "requireRef", void.class, FarRef.class, String.class);
          stores.add(new Store(component, offsetBytes, slot));
        }
        case Component.Nested nested -> {
          code.aload(slot).loadConstant(componentPath);
          emitStatic(
              code, CodecSupport.class, "requireValue", void.class, Object.class, String.class);
          emitGather(code, nested.shape(), slot, offsetBytes, componentPath, stores);
        }
      }
    }
  }

  private static void emitStore(CodeBuilder code, Store store) {
    Component component = store.component();
    emitAddress(code, store.offsetBytes());
    code.loadLocal(TypeKind.from(component.carrier()), store.slot());
    switch (component) {
      case Component.Value value -> {
        ComponentKind kind = value.kind();
        emitStatic(
            code, kind.access(), kind.putterName(), void.class, long.class, component.carrier());
      }
      case Component.Elements array -> {
        String putter = array.kind().arrayPutterName();
        emitStatic(code, RawArrays.class, putter, void.class, long.class, component.carrier());
      }
      case Component.Reference _ ->
          emitStatic(code, CodecSupport.class, "putRef", void.class, long.class, FarRef.class);
      case Component.Nested _ -> throw new IllegalStateException("A record is stored in parts.");
    }
  }

  private static void emitPadding(CodeBuilder code, int fromBytes, int toBytes) {
    if (fromBytes < toBytes) {
      emitAddress(code, fromBytes);
      code.loadConstant(toBytes - fromBytes);
      emitStatic(code, CodecSupport.class, "zeroPadding", void.class, long.class, int.class);
    }
  }

  private void emitLengthCheck(CodeBuilder code) {
    code.iload(code.parameterSlot(LENGTH_PARAMETER))
        .loadConstant(shape.lengthBytes())
        .loadConstant(label);
    emitStatic(
        code, CodecSupport.class, "requireLength", void.class, int.class, int.class, String.class);
  }

  /** Leaves {@code rawAddress + offsetBytes} on the stack. */
  private static void emitAddress(CodeBuilder code, int offsetBytes) {
    code.lload(code.parameterSlot(ADDRESS_PARAMETER));
    if (offsetBytes != 0) {
      code.loadConstant((long) offsetBytes).ladd();
    }
  }

  private void emitHandle(CodeBuilder code, MethodHandle handle) {
    emitClassData(code, handle, ConstantDescs.CD_MethodHandle);
  }

  /** Generated code cannot name the record classes, which other class loaders may have defined. */
  private void emitClass(CodeBuilder code, Class<?> type) {
    emitClassData(code, type, ConstantDescs.CD_Class);
  }

  private void emitClassData(CodeBuilder code, Object datum, ClassDesc type) {
    Integer index = classData.get(datum);
    if (index == null) {
      index = classData.size();
      classData.put(datum, index);
    }
    code.ldc(
        DynamicConstantDesc.ofNamed(
            ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, index));
  }

  private static void emitInvokeExact(CodeBuilder code, MethodHandle handle) {
    code.invokevirtual(
        ConstantDescs.CD_MethodHandle,
        "invokeExact",
        handle.type().describeConstable().orElseThrow());
  }

  private static void emitStatic(
      CodeBuilder code, Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    code.invokestatic(
        desc(owner),
        name,
        MethodType.methodType(result, parameters).describeConstable().orElseThrow());
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
