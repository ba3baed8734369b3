package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;

/** Answers DiSNI's verbs through the foreign-function API. */
final class FfmProvider extends RdmaProvider {
  /** The version of DiSNI's native interface whose behaviour this one has. */
  private static final int VERSION = 32;

  private final RdmaVerbs verbs = new FfmVerbs();
  private final RdmaCm cm = new FfmCm();

  @Override
  public RdmaCm openCm() {
    return cm;
  }

  @Override
  public RdmaVerbs openVerbs() {
    return verbs;
  }

  @Override
  public int getVersion() {
    return VERSION;
  }
}
