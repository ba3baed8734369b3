package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.SVCRegMr;
import java.io.IOException;

/** Registers memory. */
final class RegMrCall extends SVCRegMr {
  private final IbvPd domain;
  private final long rawAddress;
  private final int lengthBytes;
  private final int accessFlags;
  private final Object memory;
  private FfmMr region;
  private boolean valid = true;

  RegMrCall(IbvPd domain, long rawAddress, int lengthBytes, int accessFlags, Object memory) {
    this.domain = domain;
    this.rawAddress = rawAddress;
    this.lengthBytes = lengthBytes;
    this.accessFlags = accessFlags;
    this.memory = memory;
  }

  @Override
  public SVCRegMr execute() throws IOException {
    Handles.requireOpen("call", valid);
    region =
        new FfmMr(
            MemoryRegions.register(domain, rawAddress, lengthBytes, accessFlags),
            domain.getContext(),
            accessFlags,
            memory);
    return this;
  }

  @Override
  public IbvMr getMr() {
    return region;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCRegMr free() {
    valid = false;
    return this;
  }
}
