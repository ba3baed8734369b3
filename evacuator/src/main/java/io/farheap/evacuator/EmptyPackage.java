package io.farheap.evacuator;

/** Keeps the package from being empty until its first class is here. */
final class EmptyPackage {
  private EmptyPackage() {}
}
