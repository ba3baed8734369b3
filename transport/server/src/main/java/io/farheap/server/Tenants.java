package io.farheap.server;

import io.farheap.base.settings.SettingText;
import io.farheap.transport.security.TokenFile;
import io.farheap.transport.wire.Challenge;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Proof;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who may come in, and under which name. */
final class Tenants {
  private static final String EVERYBODY = "default";

  private final long capacityBytes;
  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
  private final Map<String, byte[]> tokens = new HashMap<>();

  /** Takes the place of a stranger's token, so that a wrong name takes as long as a wrong token. */
  private final byte[] nobodysToken = new byte[Protocol.PROOF_BYTES];

  Tenants(Optional<Path> tokenFile, long capacityBytes) {
    this.capacityBytes = capacityBytes;
    new SecureRandom().nextBytes(nobodysToken);
    tokenFile.ifPresent(this::readTokens);
  }

  private void readTokens(Path file) {
    for (TokenFile.Entry entry : TokenFile.read(file)) {
      tokens.put(entry.tenant(), entry.token());
      long quotaBytes =
          entry
              .quota()
              .map(text -> new SettingText("quota", text, file + ":" + entry.line()))
              .map(quota -> quota.bytes(0, Long.MAX_VALUE))
              .orElse(capacityBytes);
      tenants.put(entry.tenant(), new Tenant(entry.tenant(), quotaBytes));
    }
  }

  boolean wantTokens() {
    return !tokens.isEmpty();
  }

  /**
   * Whoever proves to know the token of the name that it gave.
   *
   * @throws Refusal if it does not
   */
  Tenant byToken(Hello hello, Challenge challenge, byte[] proof) {
    byte[] token = tokens.get(hello.tenant());
    byte[] expected = Proof.of(token == null ? nobodysToken : token, hello, challenge);
    if (!Proof.matches(expected, proof) || token == null) {
      throw Refusal.ending(
          Status.UNAUTHENTICATED,
          "the token is wrong, or there is no tenant of this name; check token-file");
    }
    return tenants.get(hello.tenant());
  }

  /** Whoever has a certificate with this name. */
  Tenant byCertificate(String commonName) {
    return tenants.computeIfAbsent(commonName, name -> new Tenant(name, capacityBytes));
  }

  /** Anybody, where nobody has to prove who it is. */
  Tenant everybody() {
    return byCertificate(EVERYBODY);
  }
}
