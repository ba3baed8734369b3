package io.farheap.transport.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredSlabTest {

  @Test
  void placesAreReadAsTheyWereWritten() {
    RegisteredSlab slab = new RegisteredSlab(0x7F00_1234_5000L, -3, 64L << 20);
    assertEquals(slab, RegisteredSlab.decode(ByteBuffer.wrap(slab.encode())));
  }

  @Test
  void placesThatCannotBeMeantAreRefused() {
    for (RegisteredSlab wrong :
        new RegisteredSlab[] {
          new RegisteredSlab(4096, 1, 0),
          new RegisteredSlab(4096, 1, -1),
          new RegisteredSlab(4096, 1, (1L << 30) + 1),
          new RegisteredSlab(-4096, 1, 4096),
          new RegisteredSlab(Long.MAX_VALUE, 1, 4096)
        }) {
      ByteBuffer payload = ByteBuffer.wrap(wrong.encode());
      assertThrows(WireException.class, () -> RegisteredSlab.decode(payload), wrong::toString);
    }
    byte[] longer = new byte[new RegisteredSlab(4096, 1, 4096).encode().length + 1];
    assertThrows(WireException.class, () -> RegisteredSlab.decode(ByteBuffer.wrap(longer)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.7", "2001:db8::7"})
  void offersAreReadAsTheyWereWritten(String host) {
    byte[] secret = new byte[Protocol.SECRET_BYTES];
    secret[3] = 9;
    InetSocketAddress address = new InetSocketAddress(host, 65_535);
    QueuePairOffer offer = new QueuePairOffer(secret, address, 30_000, true);
    QueuePairOffer read = QueuePairOffer.decode(ByteBuffer.wrap(offer.encode()));
    assertArrayEquals(secret, read.secret());
    assertEquals(address, read.address());
    assertEquals(30_000, read.validMillis());
    assertTrue(read.atomics());
    byte[] cut = offer.encode();
    ByteBuffer shorter = ByteBuffer.wrap(cut, 0, cut.length - 1);
    assertThrows(WireException.class, () -> QueuePairOffer.decode(shorter));
  }
}
