package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvPd;
import java.lang.foreign.MemorySegment;

/** Registers memory of any length; DiSNI's own call is bound to an {@code int}. */
public final class MemoryRegions {
  private static final NativeFunction REGISTER = Libraries.verbs("ibv_reg_mr");

  private MemoryRegions() {}

  /**
   * Registers memory with a device. The memory must stay mapped until the region is closed.
   *
   * @param domain the protection domain whose queue pairs may use it
   * @param memory native memory of at least a byte
   * @param accessFlags the sum of {@code IbvMr.IBV_ACCESS_} flags
   * @return the region
   * @throws VerbsException if the device or the system refuses, for the memlock limit say
   */
  public static MemoryRegion register(IbvPd domain, MemorySegment memory, int accessFlags)
      throws VerbsException {
    if (!memory.isNative()) {
      throw new VerbsException("memory on the Java heap cannot be registered; use native memory");
    }
    return register(domain, memory.address(), memory.byteSize(), accessFlags);
  }

  static MemoryRegion register(IbvPd domain, long rawAddress, long lengthBytes, int accessFlags)
      throws VerbsException {
    if (lengthBytes <= 0) {
      throw new VerbsException(
          "a region of " + lengthBytes + " bytes cannot be registered; give at least one byte");
    }
    long domainAddress = Handles.of(domain);
    long region = REGISTER.pointer(domainAddress, rawAddress, lengthBytes, accessFlags);
    return new MemoryRegion(region, domainAddress, rawAddress, lengthBytes);
  }
}
