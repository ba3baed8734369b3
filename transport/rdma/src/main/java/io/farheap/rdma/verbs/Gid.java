package io.farheap.rdma.verbs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An address of a port.
 *
 * @param index its place in the port's table
 * @param type its kind: {@code IB}, {@code RoCE v1}, {@code RoCE v2}, or empty if not known
 * @param hex its 16 bytes in hexadecimal digits
 */
public record Gid(int index, String type, String hex) {
  private static final int BYTES = 16;
  private static final int MAPPED_PREFIX = 12;

  static Gid of(int index, String type, byte[] bytes) {
    return new Gid(index, type, HexFormat.of().formatHex(bytes));
  }

  /**
   * Whether the place is empty.
   *
   * @return true if all bytes are zero
   */
  public boolean isEmpty() {
    return hex.chars().allMatch(digit -> digit == '0');
  }

  /**
   * The address as the internet protocol writes it.
   *
   * @return an IPv4 address where one is mapped, else the 16 bytes as an IPv6 address
   */
  public String address() {
    byte[] bytes = HexFormat.of().parseHex(hex);
    byte[] mapped = new byte[MAPPED_PREFIX];
    mapped[MAPPED_PREFIX - 2] = -1;
    mapped[MAPPED_PREFIX - 1] = -1;
    try {
      boolean v4 = Arrays.equals(bytes, 0, MAPPED_PREFIX, mapped, 0, MAPPED_PREFIX);
      return InetAddress.getByAddress(v4 ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, BYTES) : bytes)
          .getHostAddress();
    } catch (UnknownHostException e) {
      return hex;
    }
  }
}
