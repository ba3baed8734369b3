package io.farheap.transport.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file with tokens, one a line: {@code tenant:token} or {@code tenant:token:quota}. Blank lines
 * and lines that begin with {@code #} count for nothing. A token is written in hexadecimal or in
 * base64 and has at least 128 bits; {@code openssl rand -hex 32} makes one. A client's file has one
 * line, and its quota is not looked at.
 */
public final class TokenFile {
  private static final int MIN_TOKEN_BYTES = 16;
  private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,64}");
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})+");
  private static final int MAX_PARTS = 3;

  private TokenFile() {}

  /**
   * One line.
   *
   * @param tenant name of the tenant
   * @param token its secret
   * @param quota most memory that it may have, as written
   * @param line number of the line, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole, and never printed.
  public record Entry(String tenant, byte[] token, Optional<String> quota, int line) {
    /** Shows everything but the token. */
    @Override
    public String toString() {
      return "Entry[tenant=" + tenant + " quota=" + quota + " line=" + line + "]";
    }
  }

  /**
   * Reads a file.
   *
   * @param file where the tokens are
   * @return its entries, at least one
   * @throws SecurityFileException if it cannot be read or a line has another form; the message
   *     names the line and does not show the token
   */
  public static List<Entry> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw PemFiles.unreadable(file, e);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        Entry entry = entry(file, i + 1, line);
        if (entries.stream().anyMatch(known -> known.tenant.equals(entry.tenant))) {
          throw wrong(file, i + 1, "tenant " + entry.tenant + " has a line already");
        }
        entries.add(entry);
      }
    }
    if (entries.isEmpty()) {
      throw new SecurityFileException(file + " holds no token; write tenant:token", null);
    }
    return entries;
  }

  private static Entry entry(Path file, int number, String line) {
    String[] parts = line.split(":", -1);
    if (parts.length < 2 || parts.length > MAX_PARTS || !NAME.matcher(parts[0]).matches()) {
      throw wrong(file, number, "is not tenant:token or tenant:token:quota");
    }
    byte[] token = decode(parts[1]);
    if (token.length < MIN_TOKEN_BYTES) {
      throw wrong(
          file,
          number,
          "the token has "
              + token.length * Byte.SIZE
              + " bits in hexadecimal or base64; at least 128 are needed");
    }
    return new Entry(
        parts[0],
        token,
        parts.length == MAX_PARTS ? Optional.of(parts[2]) : Optional.empty(),
        number);
  }

  private static byte[] decode(String text) {
    if (HEX.matcher(text).matches()) {
      return HexFormat.of().parseHex(text);
    }
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static SecurityFileException wrong(Path file, int line, String why) {
    return new SecurityFileException(file + ", line " + line + ": " + why, null);
  }
}
