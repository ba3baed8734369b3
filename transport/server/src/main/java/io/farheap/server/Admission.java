package io.farheap.server;

import io.farheap.transport.wire.Attach;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.Challenge;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Lets one connection in, or not.
 *
 * <pre>
 *   NEW ──hello()──► GREETED ──attach()──► ATTACHED
 * </pre>
 */
final class Admission {
  private final ServerState server;
  private Hello hello;
  private Challenge challenge;
  private Lease lease;
  private byte[] leaseId;
  private long session;

  Admission(ServerState server) {
    this.server = server;
  }

  boolean isAttached() {
    return lease != null;
  }

  Lease lease() {
    return lease;
  }

  byte[] leaseId() {
    return leaseId;
  }

  long session() {
    return session;
  }

  /** Features that both sides know. */
  long features() {
    return challenge.features();
  }

  /** Answers the first request. */
  byte[] hello(ByteBuffer payload) {
    if (hello != null) {
      throw Refusal.ending(Status.UNAUTHENTICATED, "HELLO was said before");
    }
    Hello said = Hello.decode(payload);
    if (said.minVersion() > Protocol.VERSION || said.maxVersion() < Protocol.VERSION) {
      throw Refusal.ending(
          Status.BAD_VERSION,
          "this server speaks version "
              + Protocol.VERSION
              + ", the client "
              + said.minVersion()
              + " to "
              + said.maxVersion()
              + "; use the same release of Farheap on both sides");
    }
    hello = said;
    challenge =
        new Challenge(
            Protocol.VERSION,
            commonFeatures(said.features()),
            nonce(),
            server.serverId(),
            server.tenants().wantTokens());
    return challenge.encode();
  }

  private long commonFeatures(long asked) {
    long common = asked & server.features();
    boolean registered = (common & Protocol.FEATURE_REGISTERED_SLABS) != 0;
    return registered ? common & ~Protocol.FEATURE_MAPPED_SLABS : common;
  }

  private byte[] nonce() {
    byte[] nonce = new byte[Protocol.ID_BYTES];
    server.random().nextBytes(nonce);
    return nonce;
  }

  /**
   * Answers the second request.
   *
   * @param commonName the name in the client's certificate, if it has shown one
   */
  byte[] attach(ByteBuffer payload, Optional<String> commonName) {
    if (hello == null || lease != null) {
      throw Refusal.ending(Status.UNAUTHENTICATED, "ATTACH comes once, after HELLO");
    }
    Attach attach = Attach.decode(payload);
    Tenant tenant = identify(attach, commonName);
    LeaseTable.Found found =
        server
            .leases()
            .attach(attach.lease(), tenant, attach.session(), server.clock().getAsLong());
    lease = found.lease();
    leaseId = found.id();
    session = attach.session();
    SlabStore slabs = server.slabs();
    return new Attached(
            leaseId,
            server.config().leaseMillis(),
            server.config().silenceMillis(),
            slabs.slabBytes(),
            Math.min(tenant.quotaBytes(), slabs.capacity() * slabs.slabBytes()),
            slabs.freeBytes(tenant),
            Protocol.MAX_PAYLOAD_BYTES)
        .encode();
  }

  private Tenant identify(Attach attach, Optional<String> commonName) {
    Tenants tenants = server.tenants();
    if (tenants.wantTokens()) {
      return tenants.byToken(hello, challenge, attach.proof());
    }
    if (!Arrays.equals(attach.proof(), new byte[Protocol.PROOF_BYTES])) {
      throw Refusal.ending(
          Status.UNAUTHENTICATED, "this server knows no tokens; leave token-file out");
    }
    return commonName.map(tenants::byCertificate).orElseGet(tenants::everybody);
  }
}
