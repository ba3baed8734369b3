package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Computes the checksum of frames: CRC-32C, which processors have an instruction for. Used by one
 * thread at a time; leaves the positions and limits of buffers as they were.
 */
public final class FrameChecksum {
  private final CRC32C crc = new CRC32C();

  /** Creates a checksum. */
  public FrameChecksum() {}

  /**
   * Completes a frame whose header and payload are written.
   *
   * @param buffer where the frame is
   * @param at position of its header
   * @param frameBytes its length
   */
  public void seal(ByteBuffer buffer, int at, int frameBytes) {
    FrameLayout.checksum(buffer, at, of(buffer, at, frameBytes));
  }

  /** The checksum that a frame should have. */
  int of(ByteBuffer buffer, int at, int frameBytes) {
    begin();
    update(buffer, at + FrameLayout.CHECKSUM_BYTES, frameBytes - FrameLayout.CHECKSUM_BYTES);
    return value();
  }

  /** Begins the checksum of a frame that is in several buffers. */
  public void begin() {
    crc.reset();
  }

  /**
   * Goes on with further bytes.
   *
   * @param buffer where they are
   * @param at position of the first
   * @param lengthBytes how many
   */
  public void update(ByteBuffer buffer, int at, int lengthBytes) {
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(at + lengthBytes).position(at);
    crc.update(buffer);
    buffer.limit(limit).position(position);
  }

  /**
   * The checksum of what was given since {@link #begin}.
   *
   * @return 32 bits
   */
  public int value() {
    return (int) crc.getValue();
  }
}
