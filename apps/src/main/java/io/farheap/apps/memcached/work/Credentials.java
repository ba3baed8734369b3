package io.farheap.apps.memcached.work;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may use the server: lines {@code user:password} of a file, as memcached's {@code -Y} reads
 * them. Blank lines count for nothing.
 */
public final class Credentials {
  private final List<byte[]> entries;

  private Credentials(List<byte[]> entries) {
    this.entries = entries;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it cannot be read, or a line has another form; the message
   *     names the line and does not show the password
   */
  public static Credentials read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + " cannot be read (" + e.getClass().getSimpleName() + "); check path and rights",
          e);
    }
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank()) {
        if (line.indexOf(':') < 1) {
          throw new IllegalArgumentException(file + ", line " + (i + 1) + ": is not user:password");
        }
        entries.add(line.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(file + " names nobody; write user:password");
    }
    return new Credentials(entries);
  }

  /** Whether a user has a password; the time that this takes does not depend on either. */
  boolean accept(byte[] user, byte[] password) {
    byte[] said = new byte[user.length + 1 + password.length];
    System.arraycopy(user, 0, said, 0, user.length);
    said[user.length] = ':';
    System.arraycopy(password, 0, said, user.length + 1, password.length);
    boolean accepted = false;
    for (byte[] entry : entries) {
      accepted |= MessageDigest.isEqual(entry, said);
    }
    return accepted;
  }
}
