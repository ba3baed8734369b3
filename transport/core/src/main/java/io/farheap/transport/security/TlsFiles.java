package io.farheap.transport.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The PEM files that one side of a TLS connection has. Only TLS 1.3 is ever spoken.
 *
 * @param certificate own certificate, followed by those that lead to its issuer
 * @param key private key of the own certificate, PKCS #8
 * @param authority certificates of those whose word about the other side counts
 */
public record TlsFiles(Optional<Path> certificate, Optional<Path> key, Optional<Path> authority) {
  private static final String[] VERSIONS = {"TLSv1.3"};
  private static final char[] NO_PASSWORD = new char[0];

  /**
   * Checks that a certificate comes with its key.
   *
   * @throws IllegalArgumentException if there is one without the other
   */
  public TlsFiles {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "tls-cert and tls-key belong together; only "
              + (key.isPresent() ? "tls-key" : "tls-cert")
              + " is given");
    }
  }

  /**
   * Reads the files.
   *
   * @return a context whose engines {@link #restrict} should prepare
   * @throws SecurityFileException if a file cannot be read or does not hold what it should
   */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance(VERSIONS[0]);
      context.init(keyManagers(), trustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new SecurityFileException("the certificates of " + this + " do not fit together", e);
    }
  }

  private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
    if (certificate.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    List<X509Certificate> chain = PemFiles.certificates(certificate.get());
    store.setKeyEntry(
        "own",
        PemFiles.privateKey(key.orElseThrow()),
        NO_PASSWORD,
        chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
    if (authority.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (X509Certificate trusted : PemFiles.certificates(authority.get())) {
      store.setCertificateEntry("authority-" + number++, trusted);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /**
   * Leaves an engine no choice but TLS 1.3.
   *
   * @param engine an engine before its handshake
   */
  public static void restrict(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS);
    engine.setSSLParameters(parameters);
  }
}
