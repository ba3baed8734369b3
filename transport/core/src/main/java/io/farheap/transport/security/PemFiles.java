package io.farheap.transport.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys in PEM form. */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private PemFiles() {}

  /** The certificates of a file, in their order; at least one. */
  static List<X509Certificate> certificates(Path file) {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new SecurityFileException(file + " holds no certificate in PEM form", null);
      }
      return certificates;
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (CertificateException e) {
      throw new SecurityFileException(file + " does not hold certificates in PEM form", e);
    }
  }

  /** The private key of a file. */
  static PrivateKey privateKey(Path file) {
    byte[] encoded;
    try {
      Matcher matcher = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!matcher.find()) {
        throw new SecurityFileException(
            file + " holds no 'BEGIN PRIVATE KEY' in PEM form (PKCS #8, without a password)", null);
      }
      encoded = Base64.getMimeDecoder().decode(matcher.group(1));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (IllegalArgumentException e) {
      throw new SecurityFileException(file + ": the key is not in base64", e);
    }
    for (String algorithm : KEY_ALGORITHMS) {
      PrivateKey key = keyOrNull(algorithm, encoded, file);
      if (key != null) {
        return key;
      }
    }
    throw new SecurityFileException(
        file + ": the key is of none of the kinds " + KEY_ALGORITHMS, null);
  }

  private static PrivateKey keyOrNull(String algorithm, byte[] encoded, Path file) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (InvalidKeySpecException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new SecurityFileException(file + ": this Java knows no " + algorithm + " keys", e);
    }
  }

  static SecurityFileException unreadable(Path file, IOException cause) {
    return new SecurityFileException(
        file + " cannot be read (" + cause.getClass().getSimpleName() + "); check path and rights",
        cause);
  }
}
