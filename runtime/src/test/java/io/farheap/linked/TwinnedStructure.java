package io.farheap.linked;

import io.farheap.proof.HeapAudit;
import java.util.Collection;

/** A linked structure in far memory and its twin on the Java heap, changed together. */
interface TwinnedStructure {
  /** Makes it grow to a number of nodes. */
  void build(int nodes);

  /** Looks up, adds, changes or removes something at random, and compares. */
  void step();

  /** Compares the whole structure with its twin. */
  void compare();

  /** Adds all objects to those that a recount is to find. */
  void collect(Collection<HeapAudit.Expected> live);

  /** How many nodes it has. */
  long nodes();

  /** Frees all objects. */
  void freeAll();
}
