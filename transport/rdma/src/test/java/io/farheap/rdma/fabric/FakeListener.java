package io.farheap.rdma.fabric;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportTimeoutException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where queue pairs of a {@link FakeNetwork} are let in. */
final class FakeListener implements Listener {
  private final FakeNetwork network;
  private final InetSocketAddress address;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  FakeListener(FakeNetwork network, InetSocketAddress address) {
    this.network = network;
    this.address = address;
  }

  private final class FakeKnock implements Knock {
    private final FakeQueuePair pair;
    private final byte[] secret;
    private final CompletableFuture<FakePeer> answer = new CompletableFuture<>();

    FakeKnock(FakeQueuePair pair, byte[] secret) {
      this.pair = pair;
      this.secret = secret.clone();
    }

    @Override
    public byte[] secret() {
      return secret.clone();
    }

    @Override
    public Peer accept(Domain domain) {
      FakePeer peer = new FakePeer(pair, (FakeDomain) domain, FakeListener.this);
      answer.complete(peer);
      return peer;
    }

    @Override
    public void refuse() {
      answer.completeExceptionally(new ConnectionLostException("refused"));
    }
  }

  FakePeer knock(FakeQueuePair pair, byte[] secret, long deadlineNanos) {
    FakeKnock knock = new FakeKnock(pair, secret);
    events.add(knock);
    try {
      return knock.answer.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new ConnectionLostException("the server refuses the queue pair");
    } catch (TimeoutException e) {
      throw new TransportTimeoutException("no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("interrupted");
    }
  }

  void left(FakePeer peer) {
    events.add(new Departure(peer));
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public boolean hasAtomics() {
    return true;
  }

  @Override
  public Domain newDomain() {
    return new FakeDomain(network);
  }

  @Override
  public Optional<Event> next(long timeoutNanos) {
    try {
      return Optional.ofNullable(events.poll(timeoutNanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    network.closed(this);
  }
}
