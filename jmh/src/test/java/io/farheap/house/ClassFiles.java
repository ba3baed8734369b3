package io.farheap.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.OperatorInstruction;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** What ArchUnit does not tell of a class: its string constants, and how it computes. */
final class ClassFiles {
  /**
   * Shifts, and masks of longs. A mask of ints looks like an "and" of booleans, so it is not here.
   */
  private static final Set<Opcode> BIT_OPERATIONS =
      EnumSet.of(
          Opcode.ISHL,
          Opcode.ISHR,
          Opcode.IUSHR,
          Opcode.LSHL,
          Opcode.LSHR,
          Opcode.LUSHR,
          Opcode.LAND);

  private ClassFiles() {}

  /** All string constants of a class. */
  static Set<String> strings(JavaClass type) {
    Set<String> found = new HashSet<>();
    read(type)
        .constantPool()
        .forEach(
            entry -> {
              if (entry instanceof StringEntry text) {
                found.add(text.stringValue());
              }
            });
    return found;
  }

  /** Whether a class takes words apart or puts them together itself; constants are folded. */
  static boolean shiftsOrMasks(JavaClass type) {
    return read(type).methods().stream()
        .map(MethodModel::code)
        .flatMap(code -> code.stream().flatMap(CodeModel::elementStream))
        .anyMatch(
            element ->
                element instanceof OperatorInstruction operator
                    && BIT_OPERATIONS.contains(operator.opcode()));
  }

  private static ClassModel read(JavaClass type) {
    try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
