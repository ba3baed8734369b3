package io.farheap.rdma.fabric;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import io.farheap.base.memory.NativeMemory;
import io.farheap.rdma.verbs.MemoryRegion;
import io.farheap.rdma.verbs.MemoryRegions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A protection domain of the verbs. */
final class VerbsDomain implements Domain {
  private static final Logger LOG = LoggerFactory.getLogger(VerbsDomain.class);
  private static final int LOCAL = IbvMr.IBV_ACCESS_LOCAL_WRITE;
  private static final int REMOTE =
      LOCAL
          | IbvMr.IBV_ACCESS_REMOTE_READ
          | IbvMr.IBV_ACCESS_REMOTE_WRITE
          | IbvMr.IBV_ACCESS_REMOTE_ATOMIC;

  private final IbvPd domain;

  VerbsDomain(IbvPd domain) {
    this.domain = domain;
  }

  IbvPd verbs() {
    return domain;
  }

  @Override
  public Registration register(long rawAddress, long lengthBytes, Access access) {
    MemorySegment memory = NativeMemory.view(rawAddress, lengthBytes);
    try {
      return new Registered(
          MemoryRegions.register(domain, memory, access == Access.REMOTE ? REMOTE : LOCAL));
    } catch (IOException e) {
      throw VerbsFabric.failure("cannot register " + lengthBytes + " bytes", e);
    }
  }

  private record Registered(MemoryRegion memory) implements Registration {
    @Override
    public int localKey() {
      return memory.lkey();
    }

    @Override
    public int remoteKey() {
      return memory.rkey();
    }

    /** Throws rather than let memory go to somebody else while the device can still reach it. */
    @Override
    public void close() {
      try {
        memory.close();
      } catch (IOException e) {
        throw VerbsFabric.failure("cannot end the registration of memory", e);
      }
    }
  }

  @Override
  public void close() {
    try {
      domain.deallocPd();
    } catch (Exception e) {
      LOG.warn("a protection domain is lost until the process ends: {}", e.getMessage());
    }
  }
}
