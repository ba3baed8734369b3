package io.farheap.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A reusable request to copy bytes between local memory and a slab. Using one allocates nothing
 * unless it fails.
 *
 * <pre>
 *   read(), write()      start()           complete()
 *  ┌──────────────► IDLE ────────► IN_FLIGHT ────────► DONE ───┐
 *  │                │  ▲              │     fail()             │
 *  │ read(), write()└──┘              └──────────────► FAILED ─┤
 *  └───────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A transfer belongs to one thread at a time, its owner, which fills, submits, polls and fences
 * it; other threads may only look at its state. Between {@link #start()} and completion the
 * provider owns every field, and only one of its threads may complete it.
 *
 * <p>The state is written with release and read with acquire: who sees {@link #IN_FLIGHT} sees the
 * request, who sees {@link #DONE} sees the bytes, who sees {@link #FAILED} sees the failure.
 */
public final class Transfer {
  /** Filled, or never used: not submitted. */
  public static final int IDLE = 0;

  /** Submitted and not complete: far and local memory may be touched at any time. */
  public static final int IN_FLIGHT = 1;

  /** Completed with success. */
  public static final int DONE = 2;

  /** Completed with a failure; the copy may have happened, in part, or not at all. */
  public static final int FAILED = 3;

  /** One thread is storing the failure; to everybody else still in flight. */
  private static final int FAILING = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Transfer.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int state;
  private boolean write;
  private int lengthBytes;
  private long slab;
  private long slabOffset;
  private long rawAddress;
  private long dueNanos;
  private TransportException failure;
  private Object attachment;

  /** Creates a transfer of no bytes; fill it by {@link #read} or {@link #write}. */
  public Transfer() {}

  /**
   * Makes this a request to copy from far memory to local memory.
   *
   * @param slab slab id
   * @param slabOffset first byte in the slab
   * @param rawAddress first local byte; must stay valid until the transfer is complete or fenced
   * @param lengthBytes bytes to copy
   * @return this
   * @throws IllegalStateException if the transfer is in flight
   */
  public Transfer read(long slab, long slabOffset, long rawAddress, int lengthBytes) {
    return fill(false, slab, slabOffset, rawAddress, lengthBytes);
  }

  /**
   * Makes this a request to copy from local memory to far memory.
   *
   * @param slab slab id
   * @param slabOffset first byte in the slab
   * @param rawAddress first local byte; must stay valid and unchanged until the transfer is
   *     complete or fenced
   * @param lengthBytes bytes to copy
   * @return this
   * @throws IllegalStateException if the transfer is in flight
   */
  public Transfer write(long slab, long slabOffset, long rawAddress, int lengthBytes) {
    return fill(true, slab, slabOffset, rawAddress, lengthBytes);
  }

  private Transfer fill(
      boolean write, long slab, long slabOffset, long rawAddress, int lengthBytes) {
    int current = (int) STATE.getAcquire(this);
    if (current == IN_FLIGHT || current == FAILING) {
      throw illegal("fill", current);
    }
    this.write = write;
    this.slab = slab;
    this.slabOffset = slabOffset;
    this.rawAddress = rawAddress;
    this.lengthBytes = lengthBytes;
    if (failure != null) {
      failure = null;
    }
    STATE.setRelease(this, IDLE);
    return this;
  }

  /**
   * Whether this copies to far memory.
   *
   * @return true for a write, false for a read
   */
  public boolean isWrite() {
    return write;
  }

  /**
   * The slab.
   *
   * @return slab id
   */
  public long slab() {
    return slab;
  }

  /**
   * Where in the slab.
   *
   * @return offset of the first byte
   */
  public long slabOffset() {
    return slabOffset;
  }

  /**
   * Where in local memory.
   *
   * @return raw address of the first byte
   */
  public long rawAddress() {
    return rawAddress;
  }

  /**
   * How much.
   *
   * @return bytes to copy
   */
  public int lengthBytes() {
    return lengthBytes;
  }

  /**
   * The state, read with acquire.
   *
   * @return {@link #IDLE}, {@link #IN_FLIGHT}, {@link #DONE} or {@link #FAILED}
   */
  public int state() {
    int current = (int) STATE.getAcquire(this);
    return current == FAILING ? IN_FLIGHT : current;
  }

  /**
   * Whether the copy has succeeded.
   *
   * @return true in {@link #DONE}
   */
  public boolean isDone() {
    return (int) STATE.getAcquire(this) == DONE;
  }

  /**
   * Whether the transfer is over, either way.
   *
   * @return true in {@link #DONE} and {@link #FAILED}
   */
  public boolean isComplete() {
    int current = (int) STATE.getAcquire(this);
    return current == DONE || current == FAILED;
  }

  /**
   * Why the transfer failed.
   *
   * @return the failure, or null unless {@link #FAILED}
   */
  public TransportException failure() {
    return (int) STATE.getAcquire(this) == FAILED ? failure : null;
  }

  /**
   * For providers: accepts the request.
   *
   * @throws IllegalStateException unless {@link #IDLE}; a completed transfer must be filled anew
   */
  public void start() {
    // No compare-and-set: until it is started a transfer is its owner's alone.
    requireIdle();
    STATE.setRelease(this, IN_FLIGHT);
  }

  /**
   * For providers: refuses a request before anything is done for it.
   *
   * @throws IllegalStateException unless {@link #IDLE}; a completed transfer must be filled anew
   */
  public void requireIdle() {
    int current = (int) STATE.getAcquire(this);
    if (current != IDLE) {
      throw illegal("start", current);
    }
  }

  /**
   * For providers: refuses to wait for what was never submitted.
   *
   * @throws IllegalStateException if {@link #IDLE}
   */
  public void requireSubmitted() {
    int current = (int) STATE.getAcquire(this);
    if (current == IDLE) {
      throw illegal("wait", current);
    }
  }

  /**
   * For providers that copy inside submit: as {@link #complete()}, but cheaper, since no other
   * thread can know of the transfer yet.
   *
   * @throws IllegalStateException unless {@link #IN_FLIGHT}
   */
  public void completeInSubmit() {
    if (state != IN_FLIGHT) {
      throw illegal("complete", state);
    }
    STATE.setRelease(this, DONE);
  }

  /**
   * For providers: the copy has happened and nothing will be touched any more.
   *
   * @throws IllegalStateException unless {@link #IN_FLIGHT}
   */
  public void complete() {
    if (!STATE.compareAndSet(this, IN_FLIGHT, DONE)) {
      throw illegal("complete", state());
    }
  }

  /**
   * For providers: the transfer has failed and nothing will be touched any more.
   *
   * @param failure why
   * @throws IllegalStateException unless {@link #IN_FLIGHT}
   */
  public void fail(TransportException failure) {
    if (failure == null) {
      throw new IllegalArgumentException("a transfer cannot fail without a failure: pass one");
    }
    if (!STATE.compareAndSet(this, IN_FLIGHT, FAILING)) {
      throw illegal("fail", state());
    }
    this.failure = failure;
    STATE.setRelease(this, FAILED);
  }

  /**
   * For providers: when the transfer may be shown as complete.
   *
   * @return a reading of the provider's clock, in nanoseconds
   */
  public long dueNanos() {
    return dueNanos;
  }

  /**
   * For providers: sets when the transfer may be shown as complete.
   *
   * @param dueNanos a reading of the provider's clock, in nanoseconds
   */
  public void dueNanos(long dueNanos) {
    this.dueNanos = dueNanos;
  }

  /**
   * For providers: what they keep with a transfer.
   *
   * @return the attachment, or null
   */
  public Object attachment() {
    return attachment;
  }

  /**
   * For providers: keeps something with the transfer.
   *
   * @param attachment anything, or null
   */
  public void attachment(Object attachment) {
    this.attachment = attachment;
  }

  private IllegalStateException illegal(String change, int current) {
    return new IllegalStateException(
        "cannot " + change + " while " + name(current) + ": " + this + "; " + advice(current));
  }

  private static String advice(int current) {
    return switch (current) {
      case IDLE -> "submit it first";
      case IN_FLIGHT, FAILING -> "wait until it is complete, or fence it";
      default -> "fill it anew by read() or write()";
    };
  }

  private static String name(int state) {
    return switch (state) {
      case IDLE -> "IDLE";
      case IN_FLIGHT, FAILING -> "IN_FLIGHT";
      case DONE -> "DONE";
      default -> "FAILED";
    };
  }

  @Override
  public String toString() {
    return (write ? "write" : "read")
        + "[slab="
        + slab
        + " slabOffset="
        + slabOffset
        + " rawAddress=0x"
        + Long.toHexString(rawAddress)
        + " lengthBytes="
        + lengthBytes
        + " "
        + name(state())
        + "]";
  }
}
