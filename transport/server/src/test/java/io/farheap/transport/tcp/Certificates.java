package io.farheap.transport.tcp;

import io.farheap.transport.security.TlsFiles;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Certificates for tests, as PEM files in a folder. */
public final class Certificates {
  private final Path folder;
  private final X509Bundle authority;
  private final Path authorityFile;

  /** Makes an authority. */
  public Certificates(Path folder, String name) {
    this.folder = folder;
    try {
      this.authority =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + name)
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      this.authorityFile =
          Files.writeString(folder.resolve(name + "-ca.pem"), authority.getRootCertificatePEM());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's own certificate. */
  public Path authorityFile() {
    return authorityFile;
  }

  /** A certificate for the addresses that tests use, and the authority of the other side. */
  public TlsFiles issue(String name, Optional<Path> otherAuthority) {
    Instant now = Instant.now();
    return issue(name, otherAuthority, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
  }

  /** A certificate that is valid at some time only. */
  public TlsFiles issue(String name, Optional<Path> otherAuthority, Instant from, Instant to) {
    try {
      X509Bundle bundle =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + name + ",O=Farheap")
              .notBefore(from)
              .notAfter(to)
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addSanIpAddress("10.231.77.1")
              .buildIssuedBy(authority);
      Path certificate = folder.resolve(name + ".pem");
      Path key = folder.resolve(name + ".key");
      Files.writeString(certificate, bundle.getCertificatePathPEM());
      Files.writeString(key, bundle.getPrivateKeyPEM());
      return new TlsFiles(Optional.of(certificate), Optional.of(key), otherAuthority);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file with a tenant's token. */
  static Path tokenFile(Path folder, String name, String... lines) {
    try {
      return Files.write(folder.resolve(name), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
