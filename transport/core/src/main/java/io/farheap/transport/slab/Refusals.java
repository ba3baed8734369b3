package io.farheap.transport.slab;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;

/** Why something is not done, in the same words by all providers. */
public final class Refusals {
  private Refusals() {}

  /**
   * The far memory was closed.
   *
   * @return the exception
   */
  public static ConnectionLostException closed() {
    return new ConnectionLostException("the far memory is closed; open a new one");
  }

  /**
   * There is no such slab.
   *
   * @param what is refused
   * @return the exception
   */
  public static RequestRefusedException notAllocated(Object what) {
    return new RequestRefusedException(
        what + ": the slab is not allocated; it was released or never existed");
  }

  /**
   * The slab is lost.
   *
   * @param what is refused
   * @return the exception
   */
  public static SlabLostException lost(Object what) {
    return new SlabLostException(
        what + ": the slab is lost, since its server has ended this client's lease");
  }

  /**
   * Whether a range is outside of every slab or of all memory.
   *
   * @param transfer a transfer
   * @param slabBytes the size of slabs
   * @return true if it must not be carried out
   */
  public static boolean isOutOfRange(Transfer transfer, long slabBytes) {
    long slabOffset = transfer.slabOffset();
    long rawAddress = transfer.rawAddress();
    int lengthBytes = transfer.lengthBytes();
    return slabOffset < 0
        || lengthBytes < 0
        || slabOffset > slabBytes - lengthBytes
        || rawAddress <= 0
        || rawAddress > Long.MAX_VALUE - lengthBytes;
  }

  /**
   * Why a transfer cannot be carried out.
   *
   * @param transfer the transfer
   * @param slab its slab, or null if there is none
   * @param slabBytes the size of slabs
   * @return the failure, or null if nothing speaks against it
   */
  public static TransportException of(Transfer transfer, Slab slab, long slabBytes) {
    if (slab == null) {
      return notAllocated(transfer);
    }
    if (!slab.isUsable()) {
      return slab.isLost() ? lost(transfer) : notAllocated(transfer);
    }
    if (!isOutOfRange(transfer, slabBytes)) {
      return null;
    }
    long offset = transfer.slabOffset();
    int lengthBytes = transfer.lengthBytes();
    boolean inside = offset >= 0 && lengthBytes >= 0 && offset <= slabBytes - lengthBytes;
    return new RequestRefusedException(
        transfer
            + (inside
                ? ": the raw address is not valid"
                : ": the range is not inside the slab; check slabOffset and lengthBytes"));
  }
}
