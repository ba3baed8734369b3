package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;

/**
 * What is known of each frame: its pins, whether its bytes are dirty, which page it holds, and its
 * cards.
 *
 * <pre>
 *  descriptor, 16 bytes:   0        4       5         6       7      8             16
 *                         +--------+-------+---------+-------+------+-------------+
 *                         |  pins  | dirty | fetched | ahead | aged |    page     |
 *                         +--------+-------+---------+-------+------+-------------+
 *  cards, 32 bytes: one bit per 16 bytes of the frame
 * </pre>
 *
 * <p>Pins are added to inside a scope that has the page mapped (or by the page's owner), and read
 * by whoever unmapped the page, after grace. Dirty is stored plainly inside a scope or under a pin,
 * and read after grace, after the pins. Cards are marked plainly and may lose a mark to a race:
 * they are hints. The page is written by the frame's owner before it maps the page.
 */
public final class FrameTable {
  /** Bytes in a card. */
  public static final int CARD_BYTES = 16;

  private static final int DESCRIPTOR_SHIFT = 4;
  private static final int PINS_OFFSET = 0;
  private static final int DIRTY_OFFSET = PINS_OFFSET + Integer.BYTES;
  private static final int FETCHED_OFFSET = DIRTY_OFFSET + Byte.BYTES;
  private static final int AHEAD_OFFSET = FETCHED_OFFSET + Byte.BYTES;
  private static final int AGED_OFFSET = AHEAD_OFFSET + Byte.BYTES;
  private static final int PAGE_OFFSET = AGED_OFFSET + Byte.BYTES;
  private static final int CARD_SHIFT = 4;
  private static final int CARD_WORD_SHIFT = 6;
  private static final int CARDS_PER_WORD = 1 << CARD_WORD_SHIFT;
  private static final int CARD_WORDS = PageWord.PAGE_BYTES / CARD_BYTES / CARDS_PER_WORD;
  private static final int CARD_TABLE_SHIFT = 5;

  /** The page of a frame that holds none. */
  public static final long NO_PAGE = -1;

  private final int frames;
  private final NativeRegion descriptors;
  private final NativeRegion cards;
  private final long descriptorBase;
  private final long cardBase;

  /** A table for so many frames, none of which holds a page. */
  public FrameTable(int frames) {
    this.frames = frames;
    this.descriptors = NativeRegion.reserve((long) frames << DESCRIPTOR_SHIFT, true);
    this.cards = NativeRegion.reserve((long) frames << CARD_TABLE_SHIFT, true);
    this.descriptorBase = descriptors.rawAddress();
    this.cardBase = cards.rawAddress();
    for (int frame = 0; frame < frames; frame++) {
      setPage(frame, NO_PAGE);
    }
  }

  /** The memory of the descriptors, frame 0's first. */
  public NativeRegion descriptors() {
    return descriptors;
  }

  /** Marks the frame's bytes as newer than far memory's, given the memory of the descriptors. */
  public static void markDirty(long descriptorsRawAddress, int frame) {
    long address = descriptorsRawAddress + ((long) frame << DESCRIPTOR_SHIFT) + DIRTY_OFFSET;
    if (NativeMemory.getByte(address) == 0) {
      NativeMemory.putByte(address, (byte) 1);
    }
  }

  /** Number of frames. */
  public int frames() {
    return frames;
  }

  private long descriptor(int frame) {
    return descriptorBase + ((long) frame << DESCRIPTOR_SHIFT);
  }

  /** Pins on the frame, with acquire. */
  public int pins(int frame) {
    return NativeMemory.getIntAcquire(descriptor(frame) + PINS_OFFSET);
  }

  /** Adds a pin. */
  public void pin(int frame) {
    NativeMemory.addInt(descriptor(frame) + PINS_OFFSET, 1);
  }

  /** Takes a pin away; what was written under it is visible to whoever then sees no pin. */
  public void unpin(int frame) {
    int before = NativeMemory.addInt(descriptor(frame) + PINS_OFFSET, -1);
    if (before <= 0) {
      throw new IllegalStateException("frame " + frame + " was unpinned once too often");
    }
  }

  /** Whether the frame's bytes differ from far memory's. */
  public boolean dirty(int frame) {
    return NativeMemory.getByte(descriptor(frame) + DIRTY_OFFSET) != 0;
  }

  /** Marks the frame's bytes as newer than far memory's; a store only where the mark is missing. */
  public void markDirty(int frame) {
    markDirty(descriptorBase, frame);
  }

  /** The owner of the frame says whether its bytes are dirty. */
  public void setDirty(int frame, boolean dirty) {
    NativeMemory.putByte(descriptor(frame) + DIRTY_OFFSET, (byte) (dirty ? 1 : 0));
  }

  /** Page that the frame holds, or {@link #NO_PAGE}. */
  public long page(int frame) {
    return NativeMemory.getLongAcquire(descriptor(frame) + PAGE_OFFSET);
  }

  /** The owner of the frame says which page it holds. */
  public void setPage(int frame, long page) {
    NativeMemory.putLongRelease(descriptor(frame) + PAGE_OFFSET, page);
  }

  /** Whether the page came in by the paging path, rather than being opened here. */
  public boolean fetched(int frame) {
    return NativeMemory.getByte(descriptor(frame) + FETCHED_OFFSET) != 0;
  }

  /** Whether the clock hand has met the page before, so that access bits tell of one turn. */
  public boolean aged(int frame) {
    return NativeMemory.getByte(descriptor(frame) + AGED_OFFSET) != 0;
  }

  /** The clock hand meets the page; it alone reads and writes this mark of a mapped page. */
  public void setAged(int frame) {
    NativeMemory.putByte(descriptor(frame) + AGED_OFFSET, (byte) 1);
  }

  /** Whether the page was read ahead and has not been asked for yet. */
  public boolean ahead(int frame) {
    return NativeMemory.getByte(descriptor(frame) + AHEAD_OFFSET) != 0;
  }

  /** The owner of the frame says that nobody has asked for the page that it is about to map. */
  public void markAhead(int frame) {
    NativeMemory.putByte(descriptor(frame) + AHEAD_OFFSET, (byte) 1);
  }

  /** Somebody asked for the page, in a scope that keeps it there. */
  public void clearAhead(int frame) {
    NativeMemory.putByte(descriptor(frame) + AHEAD_OFFSET, (byte) 0);
  }

  /**
   * Prepares a frame that its owner is about to map, with no card marked.
   *
   * @param page which page
   * @param fetched whether its bytes came from far memory, and so are clean; a page that is opened
   *     here is dirty
   */
  public void assign(int frame, long page, boolean fetched) {
    setDirty(frame, !fetched);
    NativeMemory.putByte(descriptor(frame) + FETCHED_OFFSET, (byte) (fetched ? 1 : 0));
    clearAhead(frame);
    NativeMemory.putByte(descriptor(frame) + AGED_OFFSET, (byte) 0);
    clearCards(frame);
    setPage(frame, page);
  }

  /** Marks the cards of a range of the frame. */
  public void markCards(int frame, int offset, int lengthBytes) {
    int first = offset >>> CARD_SHIFT;
    int last = (offset + lengthBytes - 1) >>> CARD_SHIFT;
    long base = cardBase + ((long) frame << CARD_TABLE_SHIFT);
    for (int word = first >>> CARD_WORD_SHIFT; word <= last >>> CARD_WORD_SHIFT; word++) {
      int from = Math.max(first - (word << CARD_WORD_SHIFT), 0);
      int to = Math.min(last - (word << CARD_WORD_SHIFT), CARDS_PER_WORD - 1);
      long bits = (-1L << from) & (-1L >>> (CARDS_PER_WORD - 1 - to));
      long address = base + (long) word * Long.BYTES;
      long now = NativeMemory.getLong(address);
      if ((now & bits) != bits) {
        NativeMemory.putLong(address, now | bits);
      }
    }
  }

  /** Whether the card at a byte offset of the frame is marked. */
  public boolean cardMarked(int frame, int offset) {
    int card = offset >>> CARD_SHIFT;
    long address =
        cardBase
            + ((long) frame << CARD_TABLE_SHIFT)
            + (long) (card >>> CARD_WORD_SHIFT) * Long.BYTES;
    return (NativeMemory.getLong(address) >>> (card & (CARDS_PER_WORD - 1)) & 1) != 0;
  }

  /** Number of marked cards. */
  public int cardsMarked(int frame) {
    long base = cardBase + ((long) frame << CARD_TABLE_SHIFT);
    int sum = 0;
    for (int word = 0; word < CARD_WORDS; word++) {
      sum += Long.bitCount(NativeMemory.getLong(base + (long) word * Long.BYTES));
    }
    return sum;
  }

  /** Clears every card of the frame. */
  public void clearCards(int frame) {
    long base = cardBase + ((long) frame << CARD_TABLE_SHIFT);
    for (int word = 0; word < CARD_WORDS; word++) {
      NativeMemory.putLong(base + (long) word * Long.BYTES, 0);
    }
  }

  /** Copies the cards and the marks to another frame. */
  public void copyMarks(int from, int to) {
    NativeMemory.copy(
        cardBase + ((long) from << CARD_TABLE_SHIFT),
        cardBase + ((long) to << CARD_TABLE_SHIFT),
        1L << CARD_TABLE_SHIFT);
    setDirty(to, dirty(from));
    NativeMemory.putByte(
        descriptor(to) + FETCHED_OFFSET, NativeMemory.getByte(descriptor(from) + FETCHED_OFFSET));
    NativeMemory.putByte(
        descriptor(to) + AHEAD_OFFSET, NativeMemory.getByte(descriptor(from) + AHEAD_OFFSET));
    NativeMemory.putByte(
        descriptor(to) + AGED_OFFSET, NativeMemory.getByte(descriptor(from) + AGED_OFFSET));
  }

  /** Bytes of this table. */
  public long bytes() {
    return descriptors.lengthBytes() + cards.lengthBytes();
  }

  /** Gives the table's memory back. */
  public void decommit() {
    descriptors.decommit();
    cards.decommit();
  }
}
