package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.SVCPostSend;

/**
 * Changes an atomic work request of a prepared post; DiSNI's own interfaces leave that out. The
 * {@link SVCPostSend.SendWRMod} that our provider gives for such a request is one of these too.
 */
public interface AtomicMod extends SVCPostSend.RdmaMod {
  /**
   * Sets what is compared, or added.
   *
   * @param value the value that a compare-and-swap expects, or the addend of a fetch-and-add
   */
  void setCompare_add(long value);

  /**
   * Sets what a compare-and-swap stores.
   *
   * @param value the new value
   */
  void setSwap(long value);
}
