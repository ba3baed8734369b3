package io.farheap.leakdemo;

import java.util.function.Supplier;

/** An application outside Farheap's own packages, whose frames a leak report must name. */
public final class Careless {
  private Careless() {}

  /** Allocates through Farheap's code and forgets nothing by itself. */
  public static <T> T allocateHere(Supplier<T> allocation) {
    return allocation.get();
  }

  /** A second site. */
  public static <T> T allocateThere(Supplier<T> allocation) {
    return allocation.get();
  }
}
