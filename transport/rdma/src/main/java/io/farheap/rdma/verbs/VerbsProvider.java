package io.farheap.rdma.verbs;

import com.ibm.disni.util.MemoryUtils;
import com.ibm.disni.verbs.RdmaProvider;
import io.farheap.transport.LocatorException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who answers DiSNI's verbs. A process has one, chosen before the first verb.
 *
 * <p>DiSNI guards its provider by the lock of its own class, so this class takes that one too.
 */
@SuppressWarnings("LockOnNonEnclosingClassLiteral")
public enum VerbsProvider {
  /** Our own, straight on libibverbs and librdmacm. */
  FARHEAP,

  /** DiSNI's, which needs its native library {@code libdisni}. */
  DISNI;

  private static final String FIELD = "provider";

  /**
   * Finds a provider by the name that settings use.
   *
   * @param name {@code farheap} or {@code disni}
   * @return the provider
   * @throws LocatorException if there is none of that name
   */
  public static VerbsProvider named(String name) {
    return Arrays.stream(values())
        .filter(provider -> provider.settingName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LocatorException(
                    "rdma-provider is '"
                        + name
                        + "'; it must be one of "
                        + Arrays.stream(values())
                            .map(VerbsProvider::settingName)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * The name that settings use.
   *
   * @return the name, in lower case
   */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Which provider DiSNI's classes use.
   *
   * @return the provider, or nothing if none was installed yet
   * @throws VerbsUnavailableException if DiSNI is of another version
   */
  public static Optional<VerbsProvider> installed() {
    synchronized (RdmaProvider.class) {
      RdmaProvider current = current(field());
      return Optional.ofNullable(current)
          .map(provider -> provider instanceof FfmProvider ? FARHEAP : DISNI);
    }
  }

  /**
   * Makes DiSNI's classes use this provider. Doing so again changes nothing.
   *
   * @throws VerbsUnavailableException if a library is missing, this machine cannot do RDMA, or
   *     another provider is in use
   */
  public void install() {
    if (this == FARHEAP) {
      Libraries.require();
    }
    synchronized (RdmaProvider.class) {
      Field field = field();
      RdmaProvider current = current(field);
      if (current != null) {
        VerbsProvider used = current instanceof FfmProvider ? FARHEAP : DISNI;
        if (used != this) {
          throw new VerbsUnavailableException(
              "rdma-provider="
                  + settingName()
                  + " is not possible: this process uses "
                  + used.settingName()
                  + " already ("
                  + current.getClass().getName()
                  + "); choose one provider for the whole process, before the first verb");
        }
      } else if (this == DISNI) {
        installStock();
      } else {
        set(field, new FfmProvider());
      }
    }
  }

  /** Installs ours without its libraries, for tests on a made-up device. */
  static void installForTests() {
    synchronized (RdmaProvider.class) {
      Field field = field();
      if (current(field) == null) {
        set(field, new FfmProvider());
      }
    }
  }

  private static void installStock() {
    if (!Object.class.getModule().isExported("sun.nio.ch", MemoryUtils.class.getModule())) {
      throw new VerbsUnavailableException(
          "rdma-provider=disni needs Java's option --add-exports "
              + "java.base/sun.nio.ch="
              + moduleName()
              + "; give it, or leave rdma-provider away");
    }
    try {
      RdmaProvider.provider();
    } catch (IOException | LinkageError e) {
      throw new VerbsUnavailableException(
          "rdma-provider=disni needs DiSNI's native library libdisni.so in "
              + System.getProperty("java.library.path")
              + " ("
              + e.getMessage()
              + "); build it from its sources and name its folder with -Djava.library.path, or"
              + " leave rdma-provider away",
          e);
    }
  }

  private static String moduleName() {
    Module module = MemoryUtils.class.getModule();
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  private static Field field() {
    try {
      Field field = RdmaProvider.class.getDeclaredField(FIELD);
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unsettable(e);
    }
  }

  private static RdmaProvider current(Field field) {
    try {
      return (RdmaProvider) field.get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unsettable(e);
    }
  }

  private static void set(Field field, RdmaProvider provider) {
    try {
      field.set(null, provider);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unsettable(e);
    }
  }

  private static VerbsUnavailableException unsettable(Exception cause) {
    return new VerbsUnavailableException(
        "cannot set the field "
            + RdmaProvider.class.getName()
            + "."
            + FIELD
            + ": use DiSNI 2.1, and open its package com.ibm.disni.verbs to"
            + " io.farheap.transport where it is a named module",
        cause);
  }
}
