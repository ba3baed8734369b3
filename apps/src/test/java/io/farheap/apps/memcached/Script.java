package io.farheap.apps.memcached;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client says and what it is answered, from {@code conformance.txt}.
 *
 * @param name what it is about
 * @param steps what is said, one after the other
 */
public record Script(String name, List<Step> steps) {
  private static final String FILE = "conformance.txt";
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(.))|\\{(\\d+)\\}");
  private static final Pattern VERSION =
      Pattern.compile(
          "(?m)^(VALUE \\S+ \\d+ \\d+ |(?:HD|VA \\d+|EX|NF|NS)(?: [^\\r\\n]*)? c)(\\d+)");
  private static final Pattern TIME_LEFT =
      Pattern.compile("(?m)^((?:HD|VA)[^\\r\\n]*) t(\\d*9)\\b");

  /**
   * A request with its reply.
   *
   * @param request as written in the file, without escapes resolved
   * @param reply as {@link Names#normal} would have it
   * @param ends whether the connection ends
   */
  public record Step(String request, String reply, boolean ends) {}

  public static List<Script> all() {
    List<Script> scripts = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    StringBuilder request = new StringBuilder();
    StringBuilder reply = new StringBuilder();
    boolean open = false;
    String name = null;
    List<String> lines = new ArrayList<>(read().lines().toList());
    lines.add("== end");
    boolean ends = false;
    for (String line : lines) {
      boolean starts = line.startsWith("> ") || line.startsWith("== ");
      if (starts && !request.isEmpty() && !open) {
        steps.add(new Step(request.toString(), reply.toString(), ends));
        request.setLength(0);
        reply.setLength(0);
        ends = false;
      }
      if (line.startsWith("== ")) {
        if (name != null) {
          scripts.add(new Script(name, List.copyOf(steps)));
        }
        steps.clear();
        name = line.substring(3);
      } else if (line.startsWith("> ")) {
        open = line.endsWith("\\c");
        request.append(open ? line.substring(2, line.length() - 2) : line.substring(2) + "\\r\\n");
      } else if (line.equals("<!")) {
        ends = true;
      } else if (line.startsWith("< ")) {
        reply.append(line.substring(2)).append("\n");
      }
    }
    return scripts;
  }

  private static String read() {
    try (InputStream in = Script.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of a request, with versions put in. */
  public static byte[] bytes(String written, Names names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String text = names.resolve(written);
    Matcher matcher = ESCAPE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      out.writeBytes(text.substring(from, matcher.start()).getBytes(StandardCharsets.ISO_8859_1));
      if (matcher.group(1) != null) {
        out.write(HexFormat.fromHexDigits(matcher.group(1)));
      } else if (matcher.group(2) != null) {
        int index = "rnt0\\".indexOf(matcher.group(2));
        out.write("\r\n\t\0\\".charAt(index));
      } else {
        byte[] many = new byte[Integer.parseInt(matcher.group(3))];
        Arrays.fill(many, (byte) 'x');
        out.writeBytes(many);
      }
      from = matcher.end();
    }
    out.writeBytes(text.substring(from).getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  /** Versions by the names {A}, {B}, ... in the order in which they were seen. */
  public static final class Names {
    private final Map<String, String> byVersion = new HashMap<>();
    private final Map<String, String> byName = new HashMap<>();

    String resolve(String written) {
      String text = written;
      for (Map.Entry<String, String> entry : byName.entrySet()) {
        text = text.replace("{" + entry.getKey() + "}", entry.getValue());
      }
      return text;
    }

    /** A reply as the file has it: versions by their names, bytes as escapes, a line a line. */
    public String normal(byte[] reply) {
      String text = new String(reply, StandardCharsets.ISO_8859_1);
      text =
          VERSION
              .matcher(text)
              .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + name(match.group(2))));
      // A second may have begun since.
      text =
          TIME_LEFT
              .matcher(text)
              .replaceAll(match -> match.group(1) + " t" + (Integer.parseInt(match.group(2)) + 1));
      StringBuilder normal = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          normal.append('\n');
          i++;
        } else if (c < ' ' || c > '~' || c == '\\') {
          normal.append(String.format("\\x%02x", (int) c));
        } else {
          normal.append(c);
        }
      }
      return normal.toString();
    }

    private String name(String version) {
      if (version.equals("0")) {
        return version;
      }
      return byVersion.computeIfAbsent(
          version,
          unknown -> {
            String name = String.valueOf((char) ('A' + byVersion.size()));
            byName.put(name, version);
            return "{" + name + "}";
          });
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
