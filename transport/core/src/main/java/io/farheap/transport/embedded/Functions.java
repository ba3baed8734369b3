package io.farheap.transport.embedded;

import io.farheap.transport.RequestRefusedException;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The functions that can be called on the side of an embedded far memory. */
final class Functions {
  private static final Map<String, UnaryOperator<byte[]>> BUILT_IN =
      Map.of("echo", byte[]::clone, "ping", argument -> new byte[0]);

  private Functions() {}

  /** Calls a function; refuses one that does not exist. */
  static byte[] call(String name, byte[] argument) {
    UnaryOperator<byte[]> function = BUILT_IN.get(name);
    if (function == null) {
      throw new RequestRefusedException(
          "function '" + name + "' does not exist; there are " + new TreeSet<>(BUILT_IN.keySet()));
    }
    return function.apply(argument);
  }
}
