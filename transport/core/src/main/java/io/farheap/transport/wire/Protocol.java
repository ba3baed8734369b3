package io.farheap.transport.wire;

/** The numbers on which both sides must agree. */
public final class Protocol {
  /** First bytes of every {@link Hello}, so that a stranger is noticed: {@code farheap} and 1. */
  public static final long MAGIC = 0x01_70_61_65_68_72_61_66L;

  /** The one version that is spoken; version 1 had no epoch, no reserved bytes and no events. */
  public static final int VERSION = 2;

  /** Feature bit: the reply to ALLOCATE says where the client can map the slab itself. */
  public static final long FEATURE_MAPPED_SLABS = 1;

  /**
   * Feature bit: the reply to ALLOCATE is a {@link RegisteredSlab}, and QUEUE_PAIR is answered.
   * Wins over {@link #FEATURE_MAPPED_SLABS} where a client asks for both.
   */
  public static final long FEATURE_REGISTERED_SLABS = 2;

  /** Most queue pairs of one lease, and thus the first number that is none's. */
  public static final int MAX_QUEUE_PAIRS = 64;

  /** Length of the secret that a queue pair is asked for with. */
  public static final int SECRET_BYTES = 16;

  /** Longest frame before a connection is attached, either way. */
  public static final int MAX_UNATTACHED_FRAME_BYTES = 1024;

  /** Longest payload that a server must accept: 256 KiB; {@link Attached} says what it accepts. */
  public static final int MAX_PAYLOAD_BYTES = 256 << 10;

  /** Longest message in a reply that is not OK. */
  public static final int MAX_MESSAGE_BYTES = 512;

  /** Length of a nonce, a server id and a lease id. */
  public static final int ID_BYTES = 16;

  /** Length of a proof of identity: HMAC-SHA-256. */
  public static final int PROOF_BYTES = 32;

  /** Longest name of a tenant. */
  public static final int MAX_TENANT_LETTERS = 64;

  private Protocol() {}
}
