package io.farheap.transport.pool;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a pool. Who cannot be reached at first is tried again, by a thread that ends once
 * all were reached. Opening, naming the local memory and closing exclude each other.
 */
final class Members {
  private static final Logger LOG = LoggerFactory.getLogger(Members.class);
  private static final long PAUSE_NANOS = 500_000_000;

  private final List<Member> members;
  private final TransportOptions options;

  // Written under this object's lock.
  private volatile long slabBytes;
  private MemorySegment region;
  private volatile boolean closed;

  private Members(List<Locator> locators, TransportOptions options) {
    this.members = locators.stream().map(Member::new).toList();
    this.options = options;
  }

  /** Opens those that are there, at least one. */
  static Members open(List<Locator> locators, TransportOptions options) {
    Members all = new Members(locators, options);
    boolean opened = false;
    try {
      all.openFirst();
      opened = true;
      return all;
    } finally {
      if (!opened) {
        all.close();
      }
    }
  }

  private void openFirst() {
    ConnectionLostException away = null;
    for (Member member : members) {
      try {
        open(member);
      } catch (ConnectionLostException e) {
        away = e;
      }
    }
    if (opened().isEmpty()) {
      throw new ConnectionLostException(
          "none of the "
              + members.size()
              + " memory servers can be reached ("
              + away.getMessage()
              + ")");
    }
    if (away != null) {
      Thread.ofPlatform().daemon().name("farheap-pool").start(this::openOthers);
    }
  }

  private void open(Member member) {
    FarMemory memory = Transports.open(member.locator(), options);
    boolean taken = false;
    try {
      taken = take(member, memory);
    } finally {
      if (!taken) {
        memory.close();
      }
    }
  }

  private synchronized boolean take(Member member, FarMemory memory) {
    if (closed) {
      return false;
    }
    if (slabBytes != 0 && slabBytes != memory.slabBytes()) {
      throw new TransportException(
          member.locator()
              + " has slabs of "
              + memory.slabBytes()
              + " bytes, the others of "
              + slabBytes
              + "; give all servers the same size");
    }
    slabBytes = memory.slabBytes();
    if (region != null) {
      memory.registerLocal(region);
    }
    member.memory(memory);
    return true;
  }

  private void openOthers() {
    while (!closed && opened().size() < members.size()) {
      for (Member member : members) {
        if (!closed && member.memory() == null) {
          tryToOpen(member);
        }
      }
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  private void tryToOpen(Member member) {
    try {
      open(member);
      LOG.info("reached {}", member.locator().place());
    } catch (ConnectionLostException e) {
      LOG.debug("{} is still away", member.locator().place(), e);
    } catch (RuntimeException | Error e) {
      // It may be mended while this pool runs.
      LOG.error("{} is there, but of no use", member.locator().place(), e);
    }
  }

  /** All, also those without a far memory yet. */
  List<Member> all() {
    return members;
  }

  /** Those with a far memory. */
  List<Member> opened() {
    return members.stream().filter(member -> member.memory() != null).toList();
  }

  long slabBytes() {
    return slabBytes;
  }

  synchronized void registerLocal(MemorySegment local) {
    opened().forEach(member -> member.memory().registerLocal(local));
    region = local;
  }

  synchronized void close() {
    closed = true;
    opened().forEach(member -> member.memory().close());
  }
}
