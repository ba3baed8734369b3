package io.farheap.transport.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Payload of the reply to ALLOCATE where slabs can be mapped: the file that is the slab.
 *
 * <p>A client writes on what it maps. So it takes no path but that of a file which, by its name and
 * its folder's, can only be a slab.
 *
 * @param file absolute path of a file that holds nothing but the slab
 */
public record MappedSlab(String file) {
  /** Longest path, in UTF-8. */
  public static final int MAX_PATH_BYTES = 4096;

  private static final Pattern END =
      Pattern.compile("/farheap-[0-9]{1,10}-[0-9a-f]{16}/slab-[0-9]{1,19}");
  private static final Pattern DETOUR = Pattern.compile("/\\.{1,2}/");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /**
   * Checks the path.
   *
   * @throws WireException if it does not look like a slab's
   */
  public MappedSlab {
    int lastName = file.lastIndexOf('/');
    int lastFolder = file.lastIndexOf('/', lastName - 1);
    if (lastFolder < 0
        || !file.startsWith("/")
        || !END.matcher(file.substring(lastFolder)).matches()
        || DETOUR.matcher(file).find()
        || CONTROL.matcher(file).find()) {
      throw new WireException(
          Defect.BAD_PAYLOAD,
          "'" + CONTROL.matcher(file).replaceAll("?") + "' is not the path of a slab");
    }
  }

  /**
   * The payload.
   *
   * @return its bytes
   */
  public byte[] encode() {
    byte[] path = file.getBytes(StandardCharsets.UTF_8);
    return new PayloadWriter().u16(path.length).bytes(path).toBytes();
  }

  /**
   * Reads the payload.
   *
   * @param payload what a checked frame has between position and limit
   * @return the slab's place
   * @throws WireException if it has another form, or names no slab
   */
  public static MappedSlab decode(ByteBuffer payload) {
    PayloadReader reader = new PayloadReader(payload);
    int length = reader.u16();
    if (length > MAX_PATH_BYTES) {
      throw new WireException(Defect.BAD_PAYLOAD, "a path of " + length + " bytes");
    }
    MappedSlab slab = new MappedSlab(new String(reader.bytes(length), StandardCharsets.UTF_8));
    reader.end();
    return slab;
  }
}
