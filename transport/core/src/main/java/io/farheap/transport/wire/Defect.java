package io.farheap.transport.wire;

/** What is wrong with bytes that should be a frame. */
public enum Defect {
  /** The length in the header is less than a header or more than is allowed. */
  BAD_LENGTH,
  /** The bytes are not those that were sent. */
  BAD_CHECKSUM,
  /** No such operation, or not in this direction. */
  BAD_OPCODE,
  /** A reserved bit is set, or a request where a reply belongs. */
  BAD_FLAGS,
  /** No such status, or one in a request. */
  BAD_STATUS,
  /** The frame is repeated, missing its predecessor, or out of order. */
  BAD_SEQUENCE,
  /** The sender goes by a pool's membership that the receiver does not know. */
  BAD_EPOCH,
  /** Bytes without a meaning are not zero: they have one for the sender. */
  BAD_RESERVED,
  /** The checked frame's payload does not have the form that its operation asks for. */
  BAD_PAYLOAD
}
