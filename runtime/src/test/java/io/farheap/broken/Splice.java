package io.farheap.broken;

/**
 * One change of a class that ships: what it calls, or what that answers, is a test's instead.
 *
 * @param in the class, without {@code io.farheap.}, and the method, or an empty string for all
 * @param method the method that calls, or an empty string for all of the class
 * @param call class and name of what is called
 * @param form what becomes of the call
 * @param replacement class of this package and name of the static method that comes in
 */
record Splice(String in, String method, String call, Form form, String replacement) {
  /** What becomes of a call. */
  enum Form {
    /** It goes to the replacement, which gets the receiver and the arguments. */
    INSTEAD,
    /** It is made, and the replacement makes another answer of its answer. */
    ANSWER
  }

  /**
   * Calls go to a static method.
   *
   * @param where {@code package.Class}, or {@code package.Class#method}
   */
  static Splice instead(String where, String call, String replacement) {
    return of(where, call, Form.INSTEAD, replacement);
  }

  /** The answers of calls are changed; otherwise as {@link #instead}. */
  static Splice answer(String where, String call, String replacement) {
    return of(where, call, Form.ANSWER, replacement);
  }

  private static Splice of(String where, String call, Form form, String replacement) {
    int hash = where.indexOf('#');
    return hash < 0
        ? new Splice(where, "", call, form, replacement)
        : new Splice(where.substring(0, hash), where.substring(hash + 1), call, form, replacement);
  }

  /** Whether this is about a call. */
  boolean matches(String caller, String ownerInternalName, String name) {
    String owner = ownerInternalName.substring(ownerInternalName.lastIndexOf('/') + 1);
    return (method.isEmpty() || method.equals(caller)) && call.equals(owner + "." + name);
  }

  @Override
  public String toString() {
    return "in "
        + in
        + (method.isEmpty() ? "" : "." + method)
        + " "
        + replacement
        + (form == Form.INSTEAD ? " instead of " : " for the answer of ")
        + call;
  }
}
