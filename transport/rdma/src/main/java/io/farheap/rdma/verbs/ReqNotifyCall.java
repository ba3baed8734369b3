package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;

/** Asks for an event at the next completion. */
final class ReqNotifyCall extends SVCReqNotify {
  private final FfmCq queue;
  private final boolean solicitedOnly;
  private boolean valid = true;

  ReqNotifyCall(FfmCq queue, boolean solicitedOnly) {
    this.queue = queue;
    this.solicitedOnly = solicitedOnly;
  }

  @Override
  public SVCReqNotify execute() throws IOException {
    queue.requestNotification(solicitedOnly);
    return this;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCReqNotify free() {
    valid = false;
    return this;
  }
}
