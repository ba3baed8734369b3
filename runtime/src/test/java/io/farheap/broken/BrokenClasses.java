package io.farheap.broken;

import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All classes of this project anew, some of them with other calls than those that ship. The classes
 * on the class path stay as they are, so that one test may run both.
 */
final class BrokenClasses extends ClassLoader {
  private static final String OURS = "io.farheap.";
  private static final String REPLACEMENTS = BrokenClasses.class.getPackageName() + ".";
  private static final Map<String, byte[]> SHIPPED = new ConcurrentHashMap<>();

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> spliced = new HashMap<>();

  /**
   * Changes classes.
   *
   * @param splices what to change; of two about the same call the first counts
   * @throws IllegalArgumentException if one of them is about no call at all: then what ships has
   *     changed, and the splice has to follow
   */
  BrokenClasses(List<Splice> splices) {
    super(BrokenClasses.class.getClassLoader());
    Set<Splice> unused = new HashSet<>(splices);
    splices.stream()
        .collect(groupingBy(splice -> OURS + splice.in()))
        .forEach((name, some) -> spliced.put(name, splice(shipped(name), some, unused)));
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException("no such call: " + unused);
    }
  }

  private static byte[] splice(byte[] shipped, List<Splice> splices, Set<Splice> unused) {
    ClassFile classFile = ClassFile.of();
    ClassModel model = classFile.parse(shipped);
    ClassTransform transform =
        (builder, element) -> {
          if (element instanceof MethodModel method) {
            String caller = method.methodName().stringValue();
            builder.transformMethod(
                method,
                MethodTransform.transformingCode(
                    (code, instruction) -> splice(code, instruction, caller, splices, unused)));
          } else {
            builder.with(element);
          }
        };
    return classFile.transformClass(model, transform);
  }

  private static void splice(
      CodeBuilder code,
      CodeElement instruction,
      String caller,
      List<Splice> splices,
      Set<Splice> unused) {
    if (instruction instanceof InvokeInstruction call) {
      List<Splice> about =
          splices.stream()
              .filter(s -> s.matches(caller, call.owner().asInternalName(), name(call)))
              .toList();
      about.forEach(unused::remove);
      if (!about.isEmpty()) {
        Splice first = about.getFirst();
        if (first.form() == Splice.Form.ANSWER) {
          code.with(call);
        }
        invoke(code, first.replacement());
        return;
      }
    }
    code.with(instruction);
  }

  private static String name(InvokeInstruction call) {
    return call.name().stringValue();
  }

  /** The method may take supertypes of what the call has; the verifier sees to it that it fits. */
  private static void invoke(CodeBuilder code, String replacement) {
    int dot = replacement.indexOf('.');
    String owner = REPLACEMENTS + replacement.substring(0, dot);
    String name = replacement.substring(dot + 1);
    try {
      for (Method method : Class.forName(owner).getDeclaredMethods()) {
        if (method.getName().equals(name)) {
          code.invokestatic(ClassDesc.of(owner), name, descriptor(method));
          return;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("no such replacement: " + replacement, e);
    }
    throw new IllegalArgumentException("no such replacement: " + replacement);
  }

  private static MethodTypeDesc descriptor(Method method) {
    return MethodTypeDesc.of(
        method.getReturnType().describeConstable().orElseThrow(),
        Arrays.stream(method.getParameterTypes())
            .map(type -> type.describeConstable().orElseThrow())
            .toList());
  }

  private static byte[] shipped(String name) {
    return SHIPPED.computeIfAbsent(name, BrokenClasses::read);
  }

  private static byte[] read(String name) {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = BrokenClasses.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no such class: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) {
    byte[] bytes = spliced.getOrDefault(name, shipped(name));
    return defineClass(name, bytes, 0, bytes.length);
  }
}
