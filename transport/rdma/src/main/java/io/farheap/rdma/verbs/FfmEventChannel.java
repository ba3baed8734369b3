package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.impl.NatObject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the connection manager tells what happened to the ends that were made on it. */
final class FfmEventChannel extends RdmaEventChannel implements NatObject {
  private final long rawAddress;
  private final Map<Long, FfmCmId> ids = new ConcurrentHashMap<>();

  FfmEventChannel(long rawAddress) throws IOException {
    super(RawMemory.getInt(rawAddress + ManagerLayouts.Channel.FD));
    Descriptors.setNonBlocking(getFd());
    this.rawAddress = rawAddress;
  }

  @Override
  public long getObjId() {
    return rawAddress;
  }

  void add(FfmCmId id) {
    ids.put(id.getObjId(), id);
  }

  void remove(FfmCmId id) {
    ids.remove(id.getObjId());
  }

  /** The end at an address; null for 0. */
  FfmCmId find(long idAddress) {
    return ids.get(idAddress);
  }
}
