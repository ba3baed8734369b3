package io.farheap.rdma.fabric;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.RdmaCmEvent;
import io.farheap.base.memory.NativeMemory;
import io.farheap.rdma.verbs.CmEvents;
import io.farheap.rdma.verbs.CompletionBatch;
import io.farheap.rdma.verbs.QueuePairs;
import io.farheap.rdma.verbs.SendBatch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A queue pair of the verbs. */
final class VerbsQueuePair implements QueuePair {
  private final VerbsDomain domain;
  private final VerbsConnector.Parts parts;
  private final int depth;
  private final int inlineBytes;
  private final SendBatch requests;
  private final CompletionBatch completions;

  /** Held while somebody sleeps on the completion channel, so that it stays as long. */
  private final ReentrantLock sleeping = new ReentrantLock();

  private volatile boolean closed;
  private boolean connected = true;

  VerbsQueuePair(VerbsDomain domain, VerbsConnector.Parts parts, int depth, int inlineBytes)
      throws IOException {
    this.domain = domain;
    this.parts = parts;
    this.depth = depth;
    this.inlineBytes = inlineBytes;
    this.requests = new SendBatch(parts.pair, depth, inlineBytes);
    this.completions = new CompletionBatch(parts.completions, depth);
  }

  @Override
  public Domain domain() {
    return domain;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public int inlineBytes() {
    return inlineBytes;
  }

  private static int flags(boolean signalled) {
    return signalled ? IbvSendWR.IBV_SEND_SIGNALED : 0;
  }

  @Override
  public void read(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey) {
    requests.read(
        id, flags(signalled), rawAddress, lengthBytes, localKey, remoteAddress, remoteKey);
  }

  @Override
  public void write(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey) {
    requests.write(
        id, flags(signalled), rawAddress, lengthBytes, localKey, remoteAddress, remoteKey);
  }

  @Override
  public void writeInline(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      long remoteAddress,
      int remoteKey) {
    requests.writeInline(
        id, flags(signalled), NativeMemory.ALL, rawAddress, lengthBytes, remoteAddress, remoteKey);
  }

  @Override
  public void compareAndSwap(
      long id,
      long resultRawAddress,
      int localKey,
      long remoteAddress,
      int remoteKey,
      long expected,
      long replacement) {
    requests.compareAndSwap(
        id,
        flags(true),
        resultRawAddress,
        localKey,
        remoteAddress,
        remoteKey,
        expected,
        replacement);
  }

  @Override
  public void fetchAndAdd(
      long id,
      long resultRawAddress,
      int localKey,
      long remoteAddress,
      int remoteKey,
      long addend) {
    requests.fetchAndAdd(
        id, flags(true), resultRawAddress, localKey, remoteAddress, remoteKey, addend);
  }

  @Override
  public void post() {
    try {
      requests.post();
    } catch (IOException e) {
      throw VerbsFabric.failure("requests are refused", e);
    }
  }

  @Override
  public int poll() {
    try {
      return completions.poll();
    } catch (IOException e) {
      throw VerbsFabric.failure("completions cannot be had", e);
    }
  }

  @Override
  public long id(int index) {
    return completions.workRequestId(index);
  }

  @Override
  public int status(int index) {
    return completions.status(index);
  }

  @Override
  public void arm() {
    try {
      completions.requestNotification();
    } catch (IOException e) {
      throw VerbsFabric.failure("no event can be asked for", e);
    }
  }

  @Override
  public boolean awaitEvent(long timeoutNanos) {
    sleeping.lock();
    try {
      if (closed) {
        return false;
      }
      int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
      boolean came = parts.channel.getCqEvent(parts.completions, millis);
      if (came) {
        parts.completions.ackEvents(1);
      }
      return came;
    } catch (IOException e) {
      throw VerbsFabric.failure("no event can be waited for", e);
    } finally {
      sleeping.unlock();
    }
  }

  @Override
  public boolean isConnected() {
    try {
      while (connected) {
        Optional<RdmaCmEvent> event = CmEvents.next(parts.events, System.nanoTime());
        if (event.isEmpty()) {
          return true;
        }
        connected = !isEnd(event.get());
      }
      return false;
    } catch (IOException e) {
      throw VerbsFabric.failure("the connection cannot be looked at", e);
    }
  }

  /** Whether an event of an established connection means its end. */
  static boolean isEnd(RdmaCmEvent event) {
    return switch (CmEvents.type(event)) {
      case RDMA_CM_EVENT_DISCONNECTED,
          RDMA_CM_EVENT_DEVICE_REMOVAL,
          RDMA_CM_EVENT_CONNECT_ERROR,
          RDMA_CM_EVENT_UNREACHABLE,
          RDMA_CM_EVENT_REJECTED,
          RDMA_CM_EVENT_TIMEWAIT_EXIT ->
          true;
      default -> false;
    };
  }

  @Override
  public void abort() {
    try {
      QueuePairs.toError(parts.pair);
    } catch (IOException e) {
      throw VerbsFabric.failure("a queue pair cannot be stopped", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    // The peer is told, so that it need not find out by itself.
    Quietly.run(parts.id::disconnect);
    sleeping.lock();
    try {
      parts.destroy();
    } finally {
      sleeping.unlock();
    }
  }
}
