package io.farheap.jmh.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Files for a run with TLS: a certificate of the server for the loopback address, and a token. */
public final class ServerCertificate {
  private static final String PASSWORD = "of-no-worth";
  private static final String ALIAS = "server";
  private static final int TOKEN_BYTES = 32;
  private static final int LINE_LETTERS = 64;

  private final Path folder;

  /**
   * Makes the files.
   *
   * @param folder where; they are the caller's to delete
   */
  public ServerCertificate(Path folder) {
    this.folder = folder;
    try {
      make();
    } catch (IOException e) {
      throw new UncheckedIOException("the files for TLS could not be made in " + folder, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate could not be made", e);
    }
  }

  private void make() throws IOException, GeneralSecurityException {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=bench",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.onExit().join().exitValue() != 0) {
      throw new IOException("keytool failed: " + said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
    write(certificate(), "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    write(key(), "PRIVATE KEY", key.getEncoded());
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    Files.writeString(token(), "bench:" + HexFormat.of().formatHex(token) + "\n");
  }

  private static void write(Path file, String what, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(LINE_LETTERS, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  /**
   * The certificate, which is its own issuer.
   *
   * @return a PEM file
   */
  public Path certificate() {
    return folder.resolve("server.pem");
  }

  /**
   * Its private key.
   *
   * @return a PEM file
   */
  public Path key() {
    return folder.resolve("server.key");
  }

  /**
   * The token of a client.
   *
   * @return a token file
   */
  public Path token() {
    return folder.resolve("token");
  }
}
