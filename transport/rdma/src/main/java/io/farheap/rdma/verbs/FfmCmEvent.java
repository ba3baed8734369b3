package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;

/** A copy of what happened; the library's own event is acknowledged already. */
final class FfmCmEvent extends RdmaCmEvent {
  private final byte[] privateData;

  FfmCmEvent(int event, int status, RdmaCmId listener, RdmaCmId id, byte[] privateData)
      throws IOException {
    super(event, listener, id);
    this.status = status;
    this.privateData = privateData;
  }

  byte[] privateData() {
    return privateData.clone();
  }
}
