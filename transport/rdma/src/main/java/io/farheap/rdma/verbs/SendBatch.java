package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A list of send requests of any kinds, filled and posted again and again with one doorbell. No
 * call allocates.
 *
 * <p>DiSNI's prepared posts have one length and one opcode per place; here both are free. A batch
 * belongs to one thread at a time. The device may read the requests only during {@link #post}.
 *
 * <p>Flags are the sum of {@code IbvSendWR.IBV_SEND_} flags. Keys are those of {@link
 * MemoryRegion}s. Atomic operations work on 8 aligned bytes and give the value before.
 */
public final class SendBatch {
  private static final int OPCODE_LOCAL_INVALIDATE = 7;
  private static final int OPCODE_BIND_WINDOW = 8;

  private final IbvQP pair;
  private final long pairAddress;
  private final MemorySegment postFunction;
  private final int capacity;
  private final int inlineBytes;

  /** The requests, their entries, their inline bytes, and the word for the first refused. */
  private final MemorySegment memory;

  private final long inlineOffset;
  private final long firstBadOffset;
  private int size;

  /**
   * Makes room for a list.
   *
   * @param pair the queue pair to post on, of either provider
   * @param capacity the most requests in one post
   * @param inlineBytes the most bytes of one {@link #writeInline}, 0 for none; the queue pair must
   *     have been made for as much
   * @throws VerbsException if the queue pair is closed or an argument is not positive
   */
  public SendBatch(IbvQP pair, int capacity, int inlineBytes) throws VerbsException {
    if (capacity <= 0 || inlineBytes < 0) {
      throw new VerbsException(
          "a batch of "
              + capacity
              + " requests with "
              + inlineBytes
              + " inline bytes; give a capacity of at least 1 and no negative size");
    }
    this.pair = pair;
    this.pairAddress = Handles.of(pair);
    long context = RawMemory.getLong(pairAddress + QueueLayouts.QueuePair.CONTEXT);
    this.postFunction = DeviceFunctions.of(context).postSend();
    this.capacity = capacity;
    this.inlineBytes = inlineBytes;
    long entriesOffset = (long) capacity * RequestLayouts.Send.BYTES;
    this.inlineOffset = entriesOffset + (long) capacity * RequestLayouts.ScatterEntry.BYTES;
    this.firstBadOffset =
        (inlineOffset + (long) capacity * inlineBytes + Long.BYTES - 1) & -Long.BYTES;
    this.memory = Arena.ofAuto().allocate(firstBadOffset + Long.BYTES, Long.BYTES);
    for (int i = 0; i < capacity; i++) {
      long request = request(i);
      setLong(request + RequestLayouts.Send.SG_LIST, memory.address() + entry(i));
    }
  }

  /**
   * How many requests wait for {@link #post}.
   *
   * @return a number up to the capacity
   */
  public int size() {
    return size;
  }

  /**
   * The most requests in one post.
   *
   * @return the capacity
   */
  public int capacity() {
    return capacity;
  }

  /** Forgets the requests that were not posted. */
  public void clear() {
    size = 0;
  }

  /** Adds a READ of remote bytes into local memory. */
  public void read(
      long id,
      int flags,
      long rawAddress,
      int lengthBytes,
      int lkey,
      long remoteAddress,
      int rkey) {
    transfer(
        IbvSendWR.IBV_WR_RDMA_READ, id, flags, rawAddress, lengthBytes, lkey, remoteAddress, rkey);
  }

  /** Adds a WRITE of local bytes to remote memory. */
  public void write(
      long id,
      int flags,
      long rawAddress,
      int lengthBytes,
      int lkey,
      long remoteAddress,
      int rkey) {
    transfer(
        IbvSendWR.IBV_WR_RDMA_WRITE, id, flags, rawAddress, lengthBytes, lkey, remoteAddress, rkey);
  }

  /**
   * Adds a WRITE whose bytes are copied now, from memory that needs no key.
   *
   * @throws IndexOutOfBoundsException if the batch was made for fewer bytes
   */
  public void writeInline(
      long id,
      int flags,
      MemorySegment source,
      long offset,
      int lengthBytes,
      long remoteAddress,
      int rkey) {
    Objects.checkFromIndexSize(0, lengthBytes, inlineBytes);
    long copy = inlineOffset + (long) requireRoom() * inlineBytes;
    MemorySegment.copy(source, offset, memory, copy, lengthBytes);
    transfer(
        IbvSendWR.IBV_WR_RDMA_WRITE,
        id,
        flags | IbvSendWR.IBV_SEND_INLINE,
        memory.address() + copy,
        lengthBytes,
        0,
        remoteAddress,
        rkey);
  }

  /** Adds a SEND of local bytes to the other side's next receive request. */
  public void send(long id, int flags, long rawAddress, int lengthBytes, int lkey) {
    transfer(IbvSendWR.IBV_WR_SEND, id, flags, rawAddress, lengthBytes, lkey, 0, 0);
  }

  /** Adds a compare-and-swap; the value before goes to {@code resultAddress}. */
  public void compareAndSwap(
      long id,
      int flags,
      long resultAddress,
      int lkey,
      long remoteAddress,
      int rkey,
      long expected,
      long replacement) {
    atomic(
        IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP,
        id,
        flags,
        resultAddress,
        lkey,
        remoteAddress,
        rkey,
        expected,
        replacement);
  }

  /** Adds a fetch-and-add; the value before goes to {@code resultAddress}. */
  public void fetchAndAdd(
      long id, int flags, long resultAddress, int lkey, long remoteAddress, int rkey, long addend) {
    atomic(
        IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD,
        id,
        flags,
        resultAddress,
        lkey,
        remoteAddress,
        rkey,
        addend,
        0);
  }

  /**
   * Adds the binding of a window to a part of a region that was registered for it. The window's
   * {@link MemoryWindow#rkey} is {@code rkey} from now on.
   *
   * @param rkey what {@link MemoryWindow#nextRkey} gave
   */
  public void bind(
      long id,
      int flags,
      MemoryWindow window,
      int rkey,
      MemoryRegion region,
      long rawAddress,
      long lengthBytes,
      int accessFlags) {
    long request = next(OPCODE_BIND_WINDOW, id, flags, 0);
    setLong(request + RequestLayouts.Send.BIND_WINDOW, window.windowAddress());
    setInt(request + RequestLayouts.Send.BIND_RKEY, rkey);
    setLong(request + RequestLayouts.Send.BIND_REGION, region.regionAddress());
    setLong(request + RequestLayouts.Send.BIND_ADDR, rawAddress);
    setLong(request + RequestLayouts.Send.BIND_LENGTH, lengthBytes);
    setInt(request + RequestLayouts.Send.BIND_ACCESS, accessFlags);
    window.bound(rkey);
  }

  /** Adds the revocation of a window's key. */
  public void invalidate(long id, int flags, int rkey) {
    long request = next(OPCODE_LOCAL_INVALIDATE, id, flags, 0);
    setInt(request + RequestLayouts.Send.INVALIDATE_RKEY, rkey);
  }

  /**
   * Posts all requests in their order and empties the batch.
   *
   * @return how many there were
   * @throws VerbsException if one was refused, for a full queue say; those before it were posted,
   *     and {@link VerbsException#posted} says how many
   */
  public int post() throws VerbsException {
    int count = size;
    if (count == 0) {
      return 0;
    }
    Handles.requireOpen("queue pair", pair.isOpen());
    size = 0;
    long first = memory.address();
    for (int i = 1; i < count; i++) {
      setLong(request(i - 1) + RequestLayouts.Send.NEXT, first + request(i));
    }
    setLong(request(count - 1) + RequestLayouts.Send.NEXT, 0);
    int result = NativeCalls.post(postFunction, pairAddress, memory, firstBadOffset);
    if (result != 0) {
      long bad = memory.get(ValueLayout.JAVA_LONG, firstBadOffset);
      throw VerbsException.refusedPost(
          "ibv_post_send",
          Math.abs(result),
          PostResult.accepted(first, bad, RequestLayouts.Send.BYTES, count),
          count);
    }
    return count;
  }

  private void transfer(
      int opcode,
      long id,
      int flags,
      long rawAddress,
      int lengthBytes,
      int lkey,
      long remoteAddress,
      int rkey) {
    long entry = entry(requireRoom());
    setLong(entry + RequestLayouts.ScatterEntry.ADDR, rawAddress);
    setInt(entry + RequestLayouts.ScatterEntry.LENGTH, lengthBytes);
    setInt(entry + RequestLayouts.ScatterEntry.LKEY, lkey);
    long request = next(opcode, id, flags, 1);
    setLong(request + RequestLayouts.Send.RDMA_REMOTE_ADDR, remoteAddress);
    setInt(request + RequestLayouts.Send.RDMA_RKEY, rkey);
  }

  private void atomic(
      int opcode,
      long id,
      int flags,
      long resultAddress,
      int lkey,
      long remoteAddress,
      int rkey,
      long compareOrAdd,
      long swap) {
    long entry = entry(requireRoom());
    setLong(entry + RequestLayouts.ScatterEntry.ADDR, resultAddress);
    setInt(entry + RequestLayouts.ScatterEntry.LENGTH, Long.BYTES);
    setInt(entry + RequestLayouts.ScatterEntry.LKEY, lkey);
    long request = next(opcode, id, flags, 1);
    setLong(request + RequestLayouts.Send.ATOMIC_REMOTE_ADDR, remoteAddress);
    setLong(request + RequestLayouts.Send.ATOMIC_COMPARE_ADD, compareOrAdd);
    setLong(request + RequestLayouts.Send.ATOMIC_SWAP, swap);
    setInt(request + RequestLayouts.Send.ATOMIC_RKEY, rkey);
  }

  /** Takes the next request and writes what all opcodes have; where it begins. */
  private long next(int opcode, long id, int flags, int entries) {
    long request = request(requireRoom());
    size++;
    setLong(request + RequestLayouts.Send.WR_ID, id);
    setInt(request + RequestLayouts.Send.NUM_SGE, entries);
    setInt(request + RequestLayouts.Send.OPCODE, opcode);
    setInt(request + RequestLayouts.Send.SEND_FLAGS, flags);
    return request;
  }

  private int requireRoom() {
    if (size == capacity) {
      throw new IllegalStateException(
          "the batch holds " + capacity + " requests already; post it before adding more");
    }
    return size;
  }

  private long request(int index) {
    return (long) index * RequestLayouts.Send.BYTES;
  }

  private long entry(int index) {
    return (long) capacity * RequestLayouts.Send.BYTES
        + (long) index * RequestLayouts.ScatterEntry.BYTES;
  }

  private void setLong(long offset, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset, value);
  }

  private void setInt(long offset, int value) {
    memory.set(ValueLayout.JAVA_INT, offset, value);
  }
}
