package io.farheap.transport.wire;

import java.nio.ByteBuffer;

/**
 * Checks the frames that come in on one connection and one direction. Each frame is checked in two
 * steps: its length as soon as {@link FrameLayout#PREFIX_BYTES} are there, before anything is
 * allocated for it; all the rest once it is complete. Since frames are numbered, one that is
 * repeated, left out or overtaken is found too. Used by one thread at a time.
 */
public final class FrameChecker {
  private final boolean replies;
  private final FrameChecksum checksum = new FrameChecksum();
  private int nextSequence;
  private int nextEvent;
  private Opcode opcode;
  private Status status;

  private FrameChecker(boolean replies) {
    this.replies = replies;
  }

  /**
   * A checker for what a server receives.
   *
   * @return a checker that waits for request 0
   */
  public static FrameChecker ofRequests() {
    return new FrameChecker(false);
  }

  /**
   * A checker for what a client receives.
   *
   * @return a checker that waits for reply 0
   */
  public static FrameChecker ofReplies() {
    return new FrameChecker(true);
  }

  /**
   * The length of a frame of which at least the first {@link FrameLayout#PREFIX_BYTES} are there.
   *
   * @param buffer where it is
   * @param at position of its header
   * @param maxFrameBytes longest frame that is allowed
   * @return bytes of the whole frame
   * @throws WireException if the length is less than a header or more than is allowed
   */
  public static int frameBytes(ByteBuffer buffer, int at, int maxFrameBytes) {
    int frameBytes = FrameLayout.frameBytes(buffer, at);
    if (frameBytes < FrameLayout.HELLO_HEADER_BYTES || frameBytes > maxFrameBytes) {
      throw new WireException(
          Defect.BAD_LENGTH,
          "frame of "
              + Integer.toUnsignedString(frameBytes)
              + " bytes; allowed are "
              + FrameLayout.HELLO_HEADER_BYTES
              + " to "
              + maxFrameBytes);
    }
    return frameBytes;
  }

  /**
   * Checks a complete frame, which must be the next one of its connection.
   *
   * @param buffer where it is
   * @param at position of its header
   * @param frameBytes its length, as {@link #frameBytes} gave it
   * @throws WireException if it is damaged, unknown or out of order
   */
  public void check(ByteBuffer buffer, int at, int frameBytes) {
    checkSummed(buffer, at, checksum.of(buffer, at, frameBytes));
  }

  /**
   * Checks a complete frame whose payload may be elsewhere.
   *
   * @param buffer where its header is
   * @param at position of its header
   * @param sum {@link FrameChecksum} of all that came after the checksum itself
   * @throws WireException if it is damaged, unknown or out of order
   */
  public void checkSummed(ByteBuffer buffer, int at, int sum) {
    int claimed = FrameLayout.checksum(buffer, at);
    if (sum != claimed) {
      throw new WireException(
          Defect.BAD_CHECKSUM,
          "frame says " + Integer.toHexString(claimed) + ", its bytes " + Integer.toHexString(sum));
    }
    checkFields(buffer, at);
  }

  /**
   * Whether a header, not yet checked, looks as if the next reply began with it. What is received
   * because of that must still be checked by {@link #checkSummed}.
   *
   * @param buffer where the header is
   * @param at its position
   * @param expected the operation that the next reply answers
   * @param sequence the number of the request that it answers
   * @return whether it can be the next reply, and an OK
   */
  public boolean looksLikeReply(ByteBuffer buffer, int at, Opcode expected, int sequence) {
    return replies
        && FrameLayout.opcode(buffer, at) == expected.code()
        && FrameLayout.flags(buffer, at) == FrameLayout.REPLY
        && FrameLayout.status(buffer, at) == Status.OK.code()
        && FrameLayout.sequence(buffer, at) == nextSequence
        && sequence == nextSequence;
  }

  private void checkFields(ByteBuffer buffer, int at) {
    Opcode found = Opcode.of(FrameLayout.opcode(buffer, at));
    if (found == null || (found == Opcode.EVENT && !replies)) {
      throw new WireException(Defect.BAD_OPCODE, "opcode " + FrameLayout.opcode(buffer, at));
    }
    if (found != Opcode.HELLO) {
      checkExtension(buffer, at);
    }
    boolean event = found == Opcode.EVENT;
    int flags = FrameLayout.flags(buffer, at);
    if (flags != (event ? FrameLayout.EVENT : replies ? FrameLayout.REPLY : 0)) {
      throw new WireException(
          Defect.BAD_FLAGS,
          "flags " + flags + " in " + (event ? "an event" : replies ? "a reply" : "a request"));
    }
    Status foundStatus = Status.of(FrameLayout.status(buffer, at));
    if (foundStatus == null || ((event || !replies) && foundStatus != Status.OK)) {
      throw new WireException(Defect.BAD_STATUS, "status " + FrameLayout.status(buffer, at));
    }
    int sequence = FrameLayout.sequence(buffer, at);
    int expected = event ? nextEvent : nextSequence;
    if (sequence != expected) {
      throw new WireException(
          Defect.BAD_SEQUENCE, "frame " + sequence + " came where " + expected + " belongs");
    }
    if (event) {
      nextEvent++;
    } else {
      nextSequence++;
    }
    opcode = found;
    status = foundStatus;
  }

  /** What HELLO's header lacks. */
  private static void checkExtension(ByteBuffer buffer, int at) {
    int frameBytes = FrameLayout.frameBytes(buffer, at);
    if (frameBytes < FrameLayout.HEADER_BYTES) {
      throw new WireException(
          Defect.BAD_LENGTH,
          "frame of " + frameBytes + " bytes; its header alone has " + FrameLayout.HEADER_BYTES);
    }
    if (FrameLayout.epoch(buffer, at) != 0) {
      throw new WireException(
          Defect.BAD_EPOCH,
          "epoch " + Integer.toUnsignedString(FrameLayout.epoch(buffer, at)) + "; known is 0");
    }
    if (!FrameLayout.reservedIsZero(buffer, at)) {
      throw new WireException(Defect.BAD_RESERVED, "reserved bytes are not zero");
    }
  }

  /**
   * The operation of the frame that was checked last.
   *
   * @return the opcode, or null before the first frame
   */
  public Opcode opcode() {
    return opcode;
  }

  /**
   * The status of the frame that was checked last.
   *
   * @return the status, or null before the first frame
   */
  public Status status() {
    return status;
  }

  /**
   * The number of the request or reply that was checked last; events are numbered apart.
   *
   * @return a number that counts from 0 and wraps around
   */
  public int sequence() {
    return nextSequence - 1;
  }
}
