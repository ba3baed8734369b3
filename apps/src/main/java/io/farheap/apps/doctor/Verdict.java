package io.farheap.apps.doctor;

/** What a finding means for the transports that it is about. */
public enum Verdict {
  /** As it should be. */
  OK,

  /** They work, but could do better. */
  ADVICE,

  /** They do not work. */
  BROKEN
}
