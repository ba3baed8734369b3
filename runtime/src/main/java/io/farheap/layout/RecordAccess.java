package io.farheap.layout;

import io.farheap.error.LayoutException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Finds a record's constructor and accessors by the first lookup that may see all of them. */
final class RecordAccess {
  private static final Lookup OWN = MethodHandles.lookup();

  private final Lookup caller;

  /**
   * Uses a caller's rights, then our own.
   *
   * @param caller the caller's lookup, or null
   */
  RecordAccess(Lookup caller) {
    this.caller = caller;
  }

  /**
   * The members of a record with their own types.
   *
   * @param constructor the canonical constructor
   * @param accessors in the order of the components
   */
  record Members(MethodHandle constructor, List<MethodHandle> accessors) {}

  /**
   * Resolves a record's members.
   *
   * @param type the record class
   * @param components all its components in order
   * @throws LayoutException when no lookup may see them
   */
  Members members(Class<?> type, RecordComponent[] components) {
    OWN.lookupClass().getModule().addReads(type.getModule());
    List<Attempt> attempts = new ArrayList<>();
    if (caller != null) {
      attempts.add(() -> caller);
      attempts.add(() -> MethodHandles.privateLookupIn(type, caller));
    }
    attempts.add(() -> MethodHandles.privateLookupIn(type, OWN));
    attempts.add(() -> OWN);
    IllegalAccessException last = null;
    for (Attempt attempt : attempts) {
      try {
        return resolve(attempt.lookup(), type, components);
      } catch (IllegalAccessException e) {
        last = e;
      }
    }
    throw new LayoutException(refusal(type), last);
  }

  /** A way to a lookup. */
  private interface Attempt {
    Lookup lookup() throws IllegalAccessException;
  }

  private static Members resolve(Lookup lookup, Class<?> type, RecordComponent[] components)
      throws IllegalAccessException {
    Class<?>[] parameters = new Class<?>[components.length];
    List<MethodHandle> accessors = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      parameters[i] = components[i].getType();
      accessors.add(lookup.unreflect(components[i].getAccessor()));
    }
    return new Members(constructor(lookup, canonical(type, parameters)), accessors);
  }

  private static MethodHandle constructor(Lookup lookup, Constructor<?> canonical)
      throws IllegalAccessException {
    try {
      return lookup.unreflectConstructor(canonical);
    } catch (IllegalArgumentException e) {
      throw new LayoutException(
          canonical.getDeclaringClass().getTypeName()
              + " has too many components for one constructor call: use an array with @Length(n),"
              + " or nested records.",
          e);
    }
  }

  private static Constructor<?> canonical(Class<?> type, Class<?>[] parameters) {
    try {
      return type.getDeclaredConstructor(parameters);
    } catch (NoSuchMethodException e) {
      throw new LayoutException(
          type.getTypeName() + " has no canonical constructor: its class file is damaged.", e);
    }
  }

  private static String refusal(Class<?> type) {
    String own = OWN.lookupClass().getModule().getName();
    return "The constructor and accessors of "
        + type.getTypeName()
        + " cannot be reached from Farheap. Add \"opens "
        + type.getPackageName()
        + (own == null ? "" : " to " + own)
        + ";\" to the module-info of "
        + type.getModule().getName()
        + ", or call RecordLayout.of(MethodHandles.lookup(), "
        + type.getSimpleName()
        + ".class) once, before its first use, from code that can reach it.";
  }
}
