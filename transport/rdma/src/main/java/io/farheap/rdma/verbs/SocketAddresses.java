package io.farheap.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Translates between Java's socket addresses and {@code struct sockaddr}. */
final class SocketAddresses {
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final CStruct INET = new CStruct("sockaddr_in");
  private static final int FAMILY = INET.uint16("sin_family");
  private static final int INET_PORT = INET.uint16("sin_port");
  private static final int INET_ADDRESS = INET.int32("sin_addr");
  private static final int INET_ADDRESS_BYTES = 4;

  private static final CStruct INET6 = new CStruct("sockaddr_in6");
  private static final int INET6_ADDRESS;
  private static final int INET6_ADDRESS_BYTES = 16;

  static {
    INET6.uint16("sin6_family");
    INET6.uint16("sin6_port");
    INET6.int32("sin6_flowinfo");
    INET6_ADDRESS = INET6.field("sin6_addr", INET6_ADDRESS_BYTES, 4);
  }

  private SocketAddresses() {}

  /**
   * Writes an address to native memory.
   *
   * @throws VerbsException if it is no resolved internet address
   */
  static MemorySegment write(SocketAddress address, Arena arena) throws VerbsException {
    if (!(address instanceof InetSocketAddress internet) || internet.isUnresolved()) {
      throw new VerbsException(
          "the address " + address + " is not known; give a host that can be looked up");
    }
    MemorySegment memory = arena.allocate(ManagerLayouts.SOCKET_ADDRESS_BYTES, Long.BYTES);
    byte[] bytes = internet.getAddress().getAddress();
    boolean short4 = internet.getAddress() instanceof Inet4Address;
    memory.set(ValueLayout.JAVA_SHORT, FAMILY, short4 ? AF_INET : AF_INET6);
    memory.set(PORT, INET_PORT, (short) internet.getPort());
    MemorySegment.copy(
        bytes,
        0,
        memory,
        ValueLayout.JAVA_BYTE,
        short4 ? INET_ADDRESS : INET6_ADDRESS,
        bytes.length);
    return memory;
  }

  /** Reads an address; null if there is none of a family that we know. */
  static InetSocketAddress read(long rawAddress) {
    short family = (short) RawMemory.getInt(rawAddress + FAMILY);
    int port = RawMemory.ALL.get(PORT, rawAddress + INET_PORT) & 0xffff;
    byte[] bytes =
        switch (family) {
          case AF_INET -> RawMemory.getBytes(rawAddress + INET_ADDRESS, INET_ADDRESS_BYTES);
          case AF_INET6 -> RawMemory.getBytes(rawAddress + INET6_ADDRESS, INET6_ADDRESS_BYTES);
          default -> null;
        };
    if (bytes == null) {
      return null;
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
