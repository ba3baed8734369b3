package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;

/** One end of a connection, or a listener. */
final class FfmCmId extends RdmaCmId implements NatObject {
  private final long rawAddress;

  FfmCmId(long rawAddress, FfmEventChannel channel, int portSpace) throws IOException {
    super(channel, null);
    String kind = "connection";
    Abi.checkPointer(rawAddress, kind, ManagerLayouts.Id.CHANNEL, "channel", channel.getObjId());
    this.rawAddress = rawAddress;
    this.ps = RawMemory.getInt(rawAddress + ManagerLayouts.Id.PS);
    Abi.require(rawAddress, kind, "ps", ps == portSpace);
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  /**
   * The device, known once an address was bound or resolved.
   *
   * @throws VerbsException before that
   */
  @Override
  public synchronized IbvContext getVerbs() throws IOException {
    Handles.requireOpen("connection", isOpen);
    long context = RawMemory.getLong(rawAddress + ManagerLayouts.Id.VERBS);
    if (context == 0) {
      throw new VerbsException(
          "the connection has no device yet; bind or resolve an address of one first");
    }
    if (!(verbs instanceof FfmContext known && known.getObjId() == context)) {
      setVerbs(new FfmContext(context));
    }
    return verbs;
  }

  @Override
  public byte getPort_num() {
    return isOpen ? RawMemory.getByte(rawAddress + ManagerLayouts.Id.PORT_NUM) : port_num;
  }

  @Override
  public RdmaEventChannel getCmChannel() {
    return cmChannel;
  }

  /** The queue pair's raw address, or 0. */
  long queuePairAddress() {
    return RawMemory.getLong(rawAddress + ManagerLayouts.Id.QP);
  }

  void attach(IbvQP pair) {
    setQp(pair);
  }
}
