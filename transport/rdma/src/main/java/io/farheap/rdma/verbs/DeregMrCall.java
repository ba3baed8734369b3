package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;

/** Takes memory away from a device. */
final class DeregMrCall extends SVCDeregMr {
  private final FfmMr region;
  private boolean valid = true;

  DeregMrCall(FfmMr region) {
    this.region = region;
  }

  @Override
  public SVCDeregMr execute() throws IOException {
    Handles.requireOpen("memory region", region.isOpen());
    region.region().close();
    region.close();
    return this;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCDeregMr free() {
    valid = false;
    return this;
  }
}
