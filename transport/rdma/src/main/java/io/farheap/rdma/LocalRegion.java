package io.farheap.rdma;

import io.farheap.rdma.fabric.Domain;
import io.farheap.rdma.fabric.Registration;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The local memory that transfers read and write directly, registered with every device that there
 * is a queue pair on. Devices are added under this object's lock; a region is named once.
 */
final class LocalRegion {
  private final Map<Domain, Registration> registrations = new HashMap<>();

  /** Null until it is named; written once, under this object's lock. */
  private volatile MemorySegment region;

  private boolean closed;

  /** Names the region and registers it with the devices so far. */
  synchronized void name(MemorySegment named) {
    if (region != null) {
      throw new IllegalStateException("local memory is registered already: " + region);
    }
    if (!named.isNative() || named.byteSize() == 0) {
      throw new IllegalArgumentException("no native memory: " + named);
    }
    for (Map.Entry<Domain, Registration> entry : registrations.entrySet()) {
      entry.setValue(register(entry.getKey(), named));
    }
    region = named;
  }

  private static Registration register(Domain domain, MemorySegment memory) {
    return domain.register(memory.address(), memory.byteSize(), Domain.Access.LOCAL);
  }

  /** Registers the region with a device, unless it is. */
  synchronized void add(Domain domain) {
    if (!closed && registrations.get(domain) == null) {
      registrations.put(domain, region == null ? null : register(domain, region));
    }
  }

  /** Whether a range is inside the region. */
  boolean contains(long rawAddress, int lengthBytes) {
    MemorySegment memory = region;
    return memory != null
        && rawAddress >= memory.address()
        && rawAddress - memory.address() <= memory.byteSize() - lengthBytes;
  }

  /** The key of the region for a device that was added. */
  synchronized int key(Domain domain) {
    Registration registration = registrations.get(domain);
    if (registration == null) {
      throw new IllegalStateException("the region is not registered with this device");
    }
    return registration.localKey();
  }

  /** Ends the registrations; no queue pair uses them any more. */
  synchronized void close() {
    closed = true;
    for (Registration registration : registrations.values()) {
      if (registration != null) {
        registration.close();
      }
    }
    registrations.clear();
  }
}
