package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;

/** A memory region as DiSNI knows it, of less than 2 GiB. */
final class FfmMr extends IbvMr implements NatObject {
  private final MemoryRegion region;

  /** Keeps a buffer from being collected while the device may write to it; may be null. */
  @SuppressWarnings("unused")
  private final Object memory;

  FfmMr(MemoryRegion region, IbvContext context, int accessFlags, Object memory)
      throws IOException {
    super(
        context,
        region.rawAddress(),
        Math.toIntExact(region.lengthBytes()),
        accessFlags,
        region.lkey(),
        region.rkey(),
        region.handle());
    this.region = region;
    this.memory = memory;
  }

  @Override
  public long getObjId() {
    return region.regionAddress();
  }

  MemoryRegion region() {
    return region;
  }
}
