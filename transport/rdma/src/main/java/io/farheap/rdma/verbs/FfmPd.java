package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;

/** A protection domain. */
final class FfmPd extends IbvPd implements NatObject {
  private final long rawAddress;

  FfmPd(long rawAddress, IbvContext context) throws IOException {
    super(context);
    Abi.checkPointer(
        rawAddress,
        "protection domain",
        QueueLayouts.Domain.CONTEXT,
        "context",
        Handles.of(context));
    this.rawAddress = rawAddress;
    this.handle = RawMemory.getInt(rawAddress + QueueLayouts.Domain.HANDLE);
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }
}
