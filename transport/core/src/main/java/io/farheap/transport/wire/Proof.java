package io.farheap.transport.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves knowledge of a token without sending it: an HMAC-SHA-256, keyed with the token, over the
 * nonces of both sides and the tenant's name. It serves one connection only, since the server's
 * nonce is new for each.
 */
public final class Proof {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] PURPOSE = "farheap attach 1".getBytes(StandardCharsets.US_ASCII);

  private Proof() {}

  /**
   * Computes a proof.
   *
   * @param token the secret
   * @param hello what the client said
   * @param challenge what the server answered
   * @return {@link Protocol#PROOF_BYTES} bytes
   */
  public static byte[] of(byte[] token, Hello hello, Challenge challenge) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token, ALGORITHM));
      mac.update(PURPOSE);
      mac.update(hello.clientNonce());
      mac.update(challenge.serverNonce());
      mac.update(challenge.serverId());
      return mac.doFinal(hello.tenant().getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /**
   * Compares proofs in a time that does not depend on their content.
   *
   * @param expected what the proof must be
   * @param claimed what came
   * @return whether they are the same
   */
  public static boolean matches(byte[] expected, byte[] claimed) {
    return MessageDigest.isEqual(expected, claimed);
  }
}
