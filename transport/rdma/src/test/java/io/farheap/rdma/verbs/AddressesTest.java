package io.farheap.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Addresses as C and as ports know them. */
class AddressesTest {
  @Test
  void shortAddressesAreWrittenAsTheNetworkReadsThem() throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      InetSocketAddress address = new InetSocketAddress("10.1.2.200", 0xfedc);
      MemorySegment memory = SocketAddresses.write(address, arena);
      assertArrayEquals(
          new byte[] {2, 0, (byte) 0xfe, (byte) 0xdc, 10, 1, 2, (byte) 200},
          memory.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE));
      assertEquals(address, SocketAddresses.read(memory.address()));
    }
  }

  @Test
  void longAddressesAreWrittenToo() throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      InetSocketAddress address = new InetSocketAddress("fd00:1:2::77", 4711);
      MemorySegment memory = SocketAddresses.write(address, arena);
      assertEquals(10, memory.get(ValueLayout.JAVA_SHORT, 0));
      assertArrayEquals(
          address.getAddress().getAddress(), memory.asSlice(8, 16).toArray(ValueLayout.JAVA_BYTE));
      assertEquals(address, SocketAddresses.read(memory.address()));
    }
  }

  @Test
  void whatIsNoAddressIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      assertThrows(
          VerbsException.class,
          () ->
              SocketAddresses.write(
                  InetSocketAddress.createUnresolved("nowhere.invalid", 1), arena));
      assertNull(SocketAddresses.read(arena.allocate(128).address()));
    }
  }

  @Test
  void portsNameMappedAddressesTheShortWay() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 10;
    mapped[15] = 7;
    assertEquals("10.0.0.7", Gid.of(1, "RoCE v2", mapped).address());
    byte[] longOne = InetAddress.getByName("fe80::5054:ff:fe12:3456").getAddress();
    assertEquals("fe80:0:0:0:5054:ff:fe12:3456", Gid.of(0, "", longOne).address());
    assertFalse(Gid.of(0, "", longOne).isEmpty());
    assertTrue(Gid.of(0, "", new byte[16]).isEmpty());
  }
}
