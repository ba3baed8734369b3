package io.farheap.internal;

import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageWord;
import io.farheap.base.text.ByteSize;
import io.farheap.error.ConfigurationException;
import io.farheap.evacuator.Watermarks;
import io.farheap.options.HeapOptions;

/** What a heap's options come to in frames, pages and slabs. */
final class HeapSizes {
  /** Least number of frames that a heap works with. */
  private static final int MIN_FRAMES = 64;

  /** Heats that have an open page in every stripe; large objects have pages of their own. */
  private static final int STRIPED_HEATS = Heat.values().length - 1;

  /** Share of the frames that open pages may hold; a small heap has fewer stripes for it. */
  private static final int OPEN_PAGES_SHARE = 8;

  /** Share of the frames that only background work may take, and its bounds. */
  private static final int RESERVE_SHARE = 64;

  private static final int LEAST_RESERVE = 4;
  private static final int MOST_RESERVE = 256;

  /** Frames between the reserve and the low watermark, in the smallest heap. */
  private static final int LEAST_ABOVE_RESERVE = 2;

  /** Share of the frames that one object may take. */
  private static final int MAX_OBJECT_SHARE = 4;

  private HeapSizes() {}

  /**
   * The sizes of a heap's structures.
   *
   * @throws ConfigurationException if local memory is too small, or larger than frames are numbered
   */
  static HeapGeometry geometry(HeapOptions options) {
    long frames = options.localMemoryBytes() / PageWord.PAGE_BYTES;
    if (frames < MIN_FRAMES || frames > PageWord.MAX_FRAMES) {
      throw new ConfigurationException(
          "local-memory",
          options.localMemoryBytes() + " bytes",
          ByteSize.format((long) MIN_FRAMES * PageWord.PAGE_BYTES) + " or more",
          "the heap that is being opened");
    }
    long slabBytes = options.slabSizeBytes();
    long farBytes = Math.max(1, options.farMemoryBytes() / slabBytes) * slabBytes;
    int stripes = options.stripes();
    while (stripes > 1 && (long) stripes * STRIPED_HEATS * OPEN_PAGES_SHARE > frames) {
      stripes /= 2;
    }
    int reserve = Math.clamp(frames / RESERVE_SHARE, LEAST_RESERVE, MOST_RESERVE);
    return new HeapGeometry(
        (int) frames, reserve, farBytes, slabBytes, stripes, options.hugePages());
  }

  /** How many frames are free when pages begin to go out, and when they stop. */
  static Watermarks watermarks(HeapOptions options, HeapGeometry geometry) {
    int least = geometry.reserveFrames() + LEAST_ABOVE_RESERVE;
    int low = (int) Math.max(least, geometry.frames() * options.lowWatermark());
    int high = (int) Math.max(low + 1, geometry.frames() * options.highWatermark());
    return new Watermarks(low, high);
  }

  /** Slabs of far address space. */
  static int slabs(HeapGeometry geometry) {
    return Math.toIntExact(geometry.farBytes() / geometry.slabBytes());
  }

  /** Most pages that one object may take. */
  static int maxRunPages(HeapGeometry geometry) {
    return geometry.frames() / MAX_OBJECT_SHARE;
  }
}
