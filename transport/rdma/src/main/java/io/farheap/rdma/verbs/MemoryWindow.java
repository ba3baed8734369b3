package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvPd;

/**
 * A right on a part of a {@link MemoryRegion} that is given to one queue pair and taken back
 * without registering the region anew. Of type 2: bound by {@link SendBatch#bind}.
 */
public final class MemoryWindow implements AutoCloseable {
  private static final int TYPE_2 = 2;
  private static final int KEY_BYTE = 0xff;

  private final NativeFunction deallocate;
  private final long windowAddress;
  private int rkey;
  private boolean closed;

  private MemoryWindow(NativeFunction deallocate, long windowAddress) {
    this.deallocate = deallocate;
    this.windowAddress = windowAddress;
    this.rkey = RawMemory.getInt(windowAddress + RegionLayouts.Window.RKEY);
  }

  /**
   * Allocates a window that is bound to nothing.
   *
   * @param domain the protection domain of the regions and queue pairs to bind it to
   * @return the window
   * @throws VerbsException if the device has no memory windows, or none left
   */
  public static MemoryWindow allocate(IbvPd domain) throws VerbsException {
    long domainAddress = Handles.of(domain);
    long context = RawMemory.getLong(domainAddress + QueueLayouts.Domain.CONTEXT);
    long allocate = RawMemory.getLong(context + DeviceLayouts.Context.ALLOC_MW);
    long deallocate = RawMemory.getLong(context + DeviceLayouts.Context.DEALLOC_MW);
    if (allocate == 0 || deallocate == 0) {
      throw new VerbsException(
          "this device has no memory windows; take rights back by closing the region");
    }
    long window = Libraries.at("ibv_alloc_mw", allocate).pointer(domainAddress, TYPE_2);
    Abi.checkPointer(window, "memory window", RegionLayouts.Window.PD, "pd", domainAddress);
    return new MemoryWindow(Libraries.at("ibv_dealloc_mw", deallocate), window);
  }

  /**
   * The key under which the other side reaches the bound bytes.
   *
   * @return the key of the last binding
   */
  public int rkey() {
    return rkey;
  }

  /**
   * The key that the next binding must use: each binding has another one.
   *
   * @return a key that is not in use yet
   */
  public int nextRkey() {
    return (rkey & ~KEY_BYTE) | ((rkey + 1) & KEY_BYTE);
  }

  long windowAddress() {
    return windowAddress;
  }

  void bound(int key) {
    rkey = key;
  }

  /**
   * Gives the window back and revokes its key at once; again, does nothing.
   *
   * @throws VerbsException if the device refuses
   */
  @Override
  public synchronized void close() throws VerbsException {
    if (!closed) {
      deallocate.check(windowAddress);
      closed = true;
    }
  }
}
