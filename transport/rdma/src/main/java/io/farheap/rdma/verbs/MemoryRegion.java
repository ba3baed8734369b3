package io.farheap.rdma.verbs;

/**
 * Memory that a device may reach: its pages are pinned until the region is closed.
 *
 * <p>Closing it revokes both keys at once; what the device does with them afterwards fails.
 */
public final class MemoryRegion implements AutoCloseable {
  private static final NativeFunction DEREGISTER = Libraries.verbs("ibv_dereg_mr");

  private final long regionAddress;
  private final long rawAddress;
  private final long lengthBytes;
  private final int lkey;
  private final int rkey;
  private boolean closed;

  MemoryRegion(long regionAddress, long domain, long rawAddress, long lengthBytes) {
    String kind = "memory region";
    Abi.checkPointer(regionAddress, kind, RegionLayouts.Region.PD, "pd", domain);
    Abi.checkPointer(regionAddress, kind, RegionLayouts.Region.ADDR, "addr", rawAddress);
    Abi.checkPointer(regionAddress, kind, RegionLayouts.Region.LENGTH, "length", lengthBytes);
    this.regionAddress = regionAddress;
    this.rawAddress = rawAddress;
    this.lengthBytes = lengthBytes;
    this.lkey = RawMemory.getInt(regionAddress + RegionLayouts.Region.LKEY);
    this.rkey = RawMemory.getInt(regionAddress + RegionLayouts.Region.RKEY);
  }

  /**
   * Where the region begins.
   *
   * @return raw address of its first byte
   */
  public long rawAddress() {
    return rawAddress;
  }

  /**
   * How long it is.
   *
   * @return length in bytes
   */
  public long lengthBytes() {
    return lengthBytes;
  }

  /**
   * The key for this side's work requests.
   *
   * @return the local key
   */
  public int lkey() {
    return lkey;
  }

  /**
   * The key for the other side's work requests.
   *
   * @return the remote key; worth nothing unless the region was registered for remote access
   */
  public int rkey() {
    return rkey;
  }

  /** The library's structure. */
  long regionAddress() {
    return regionAddress;
  }

  /** The library's number of it. */
  int handle() {
    return RawMemory.getInt(regionAddress + RegionLayouts.Region.HANDLE);
  }

  /**
   * Gives the memory back to the system and revokes the keys; again, does nothing.
   *
   * @throws VerbsException if a memory window is bound to it; the region stays registered
   */
  @Override
  public synchronized void close() throws VerbsException {
    if (!closed) {
      DEREGISTER.check(regionAddress);
      closed = true;
    }
  }
}
