package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;

/** An open device. The connection manager owns it. */
final class FfmContext extends IbvContext implements NatObject {
  private final long rawAddress;
  private final DeviceFunctions functions;

  /**
   * Wraps a device.
   *
   * @throws VerbsUnavailableException if its fields cannot be what we take them for
   */
  FfmContext(long rawAddress) throws IOException {
    super(
        RawMemory.getInt(rawAddress + DeviceLayouts.Context.CMD_FD),
        RawMemory.getInt(rawAddress + DeviceLayouts.Context.NUM_COMP_VECTORS));
    this.functions = DeviceFunctions.of(rawAddress);
    this.rawAddress = rawAddress;
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  DeviceFunctions functions() {
    return functions;
  }
}
