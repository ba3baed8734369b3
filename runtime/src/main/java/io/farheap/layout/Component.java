package io.farheap.layout;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** One component of a record with its place. Offsets count from the enclosing record's start. */
sealed interface Component {
  String name();

  int offsetBytes();

  /** Reads the component from a record: {@code (Object) -> carrier()}. */
  MethodHandle accessor();

  int lengthBytes();

  int alignmentBytes();

  /**
   * The type that generated code handles; Object for a record, which it may not be able to name.
   */
  Class<?> carrier();

  /** The declared type, for people. */
  String typeName();

  /** The bytes, without a name. */
  MemoryLayout memoryLayout();

  /** A value that takes its own bytes, of one of the kinds of the table. */
  record Value(String name, int offsetBytes, MethodHandle accessor, ComponentKind kind)
      implements Component {
    @Override
    public int lengthBytes() {
      return kind.sizeBytes();
    }

    @Override
    public int alignmentBytes() {
      return kind.sizeBytes();
    }

    @Override
    public Class<?> carrier() {
      return kind.type();
    }

    @Override
    public String typeName() {
      return kind.type().getSimpleName();
    }

    @Override
    public MemoryLayout memoryLayout() {
      return kind.layout();
    }
  }

  /** An array of fixed length; only its elements are stored. */
  record Elements(
      String name, int offsetBytes, MethodHandle accessor, ComponentKind kind, int length)
      implements Component {
    @Override
    public int lengthBytes() {
      return kind.sizeBytes() * length;
    }

    @Override
    public int alignmentBytes() {
      return kind.sizeBytes();
    }

    @Override
    public Class<?> carrier() {
      return kind.type().arrayType();
    }

    @Override
    public String typeName() {
      return kind.type().getSimpleName() + "[" + length + "]";
    }

    @Override
    public MemoryLayout memoryLayout() {
      return MemoryLayout.sequenceLayout(length, kind.layout());
    }
  }

  /**
   * A reference to another object of the heap: its handle.
   *
   * @param target the class of the object referred to
   */
  record Reference(String name, int offsetBytes, MethodHandle accessor, Class<?> target)
      implements Component {
    /** Bytes, and alignment, of every reference. */
    static final int BYTES = Long.BYTES;

    @Override
    public int lengthBytes() {
      return BYTES;
    }

    @Override
    public int alignmentBytes() {
      return BYTES;
    }

    @Override
    public Class<?> carrier() {
      return FarRef.class;
    }

    @Override
    public String typeName() {
      return "FarRef<" + target.getSimpleName() + ">";
    }

    @Override
    public MemoryLayout memoryLayout() {
      return ValueLayout.JAVA_LONG;
    }
  }

  /** A record inside a record, its components stored in place. */
  record Nested(String name, int offsetBytes, MethodHandle accessor, RecordShape shape)
      implements Component {
    @Override
    public int lengthBytes() {
      return shape.lengthBytes();
    }

    @Override
    public int alignmentBytes() {
      return shape.alignmentBytes();
    }

    @Override
    public Class<?> carrier() {
      return Object.class;
    }

    @Override
    public String typeName() {
      return shape.type().getSimpleName();
    }

    @Override
    public MemoryLayout memoryLayout() {
      return shape.memoryLayout();
    }
  }
}
