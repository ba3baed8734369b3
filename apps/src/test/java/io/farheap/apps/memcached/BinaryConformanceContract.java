package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The binary protocol; the same is asked of memcached where there is one. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class BinaryConformanceContract {
  private static final int NOOP = 0x0a;

  private RawClient client;

  abstract int port() throws IOException;

  /** Sends requests and a no-op, and answers what came before the no-op's reply. */
  private List<BinaryMessage> exchange(BinaryMessage... requests) throws IOException {
    if (client == null) {
      client = new RawClient(port());
    }
    for (BinaryMessage request : requests) {
      client.send(request.encode());
    }
    client.send(BinaryMessage.request(NOOP, "").encode());
    List<BinaryMessage> replies = new ArrayList<>();
    while (true) {
      BinaryMessage reply = BinaryMessage.read(client.socket().getInputStream());
      if (reply == null) {
        client.close();
        client = null;
        return replies;
      }
      assertEquals(0xCAFE, reply.opaque());
      if (reply.opcode() == NOOP && reply.status() == 0) {
        return replies;
      }
      replies.add(reply);
    }
  }

  private void check(BinaryMessage request, String... expected) throws IOException {
    List<String> replies = exchange(request).stream().map(BinaryMessage::text).toList();
    assertEquals(List.of(expected), replies, () -> "to " + request.text());
  }

  private static BinaryMessage op(int opcode, String key) {
    return BinaryMessage.request(opcode, key);
  }

  private static BinaryMessage set(String key, int flags, String value) {
    return op(0x01, key).extras(flags, 0).value(value);
  }

  private void flush() throws IOException {
    check(op(0x08, ""), "08 status 00");
  }

  @Test
  void storesAndGets() throws IOException {
    flush();
    check(op(0x00, "a"), "00 status 01 value Not found");
    check(op(0x0c, "a"), "0c status 01 key a");
    check(op(0x09, "a"));
    check(op(0x0d, "a"));
    check(set("a", 0xBEEF, "hello"), "01 status 00");
    check(op(0x00, "a"), "00 status 00 extras 0000beef value hello");
    check(op(0x09, "a"), "09 status 00 extras 0000beef value hello");
    check(op(0x0c, "a"), "0c status 00 extras 0000beef key a value hello");
    check(op(0x0d, "a"), "0d status 00 extras 0000beef key a value hello");
    check(set("a", 0, ""), "01 status 00");
    check(op(0x00, "a"), "00 status 00 extras 00000000");
  }

  @Test
  void storesOnConditions() throws IOException {
    flush();
    check(op(0x03, "a").extras(0, 0).value("x"), "03 status 01 value Not found");
    check(op(0x02, "a").extras(1, 0).value("x"), "02 status 00");
    check(op(0x02, "a").extras(1, 0).value("x"), "02 status 02 value Data exists for key.");
    check(op(0x03, "a").extras(2, 0).value("y"), "03 status 00");
    check(op(0x0e, "a").value(">"), "0e status 00");
    check(op(0x0f, "a").value("<"), "0f status 00");
    check(op(0x00, "a"), "00 status 00 extras 00000002 value <y>");
    check(op(0x0e, "b").value(">"), "0e status 05 value Not stored.");
    check(op(0x0f, "b").value("<"), "0f status 05 value Not stored.");
    check(op(0x19, "b").value(">"), "19 status 05 value Not stored.");
    check(op(0x11, "a").extras(0, 0).value("q"));
    check(op(0x12, "a").extras(0, 0).value("q"), "12 status 02 value Data exists for key.");
    check(op(0x12, "c").extras(0, 0).value("q"));
    check(op(0x13, "c").extras(0, 0).value("r"));
    check(op(0x13, "d").extras(0, 0).value("r"), "13 status 01 value Not found");
    check(op(0x19, "c").value(">"));
    check(op(0x1a, "c").value("<"));
    check(op(0x0c, "c"), "0c status 00 extras 00000000 key c value <r>");
  }

  @Test
  void comparesVersions() throws IOException {
    flush();
    long first = exchange(set("a", 0, "1")).getFirst().cas();
    assertNotEquals(0, first);
    assertEquals(first, exchange(op(0x00, "a")).getFirst().cas());
    check(set("a", 0, "2").cas(first + 1000), "01 status 02 value Data exists for key.");
    long second = exchange(set("a", 0, "2").cas(first)).getFirst().cas();
    assertNotEquals(first, second);
    check(set("a", 0, "3").cas(first), "01 status 02 value Data exists for key.");
    check(set("nothing", 0, "3").cas(first), "01 status 01 value Not found");
    check(op(0x02, "nothing").extras(0, 0).value("3").cas(9), "02 status 01 value Not found");
    check(op(0x0e, "a").value("3").cas(first), "0e status 02 value Data exists for key.");
    check(op(0x04, "a").cas(first), "04 status 02 value Data exists for key.");
    check(op(0x04, "a").cas(second), "04 status 00");
  }

  @Test
  void counts() throws IOException {
    flush();
    BinaryMessage up = op(0x05, "n").extras(0, 5, 0, 40, 0);
    check(op(0x05, "n").extras(0, 5, 0, 40, -1), "05 status 01 value Not found");
    check(up, "05 status 00 value \\x00\\x00\\x00\\x00\\x00\\x00\\x00(");
    check(up, "05 status 00 value \\x00\\x00\\x00\\x00\\x00\\x00\\x00-");
    check(
        op(0x06, "n").extras(0, 4, 0, 0, 0),
        "06 status 00 value \\x00\\x00\\x00\\x00\\x00\\x00\\x00)");
    check(op(0x16, "n").extras(0, 100, 0, 0, 0));
    check(op(0x15, "n").extras(0, 33, 0, 0, 0));
    check(op(0x00, "n"), "00 status 00 extras 00000000 value 33");
    check(set("n", 0, "x"), "01 status 00");
    check(up, "05 status 06 value Non-numeric server-side value for incr or decr");
    check(
        op(0x15, "n").extras(0, 1, 0, 0, 0),
        "15 status 06 value Non-numeric server-side value for incr or decr");
    check(op(0x16, "nothing").extras(0, 1, 0, 0, -1), "16 status 01 value Not found");
    check(up.cas(12345), "05 status 02 value Data exists for key.");
  }

  @Test
  void deletes() throws IOException {
    flush();
    check(op(0x04, "a"), "04 status 01 value Not found");
    check(op(0x14, "a"), "14 status 01 value Not found");
    check(set("a", 0, "x"), "01 status 00");
    check(op(0x04, "a"), "04 status 00");
    check(set("a", 0, "x"), "01 status 00");
    check(op(0x14, "a"));
    check(op(0x09, "a"));
  }

  @Test
  void touches() throws IOException {
    flush();
    check(op(0x1c, "a").extras(10), "1c status 01 value Not found");
    check(op(0x1d, "a").extras(10), "1d status 01 value Not found");
    check(op(0x1e, "a").extras(10));
    check(op(0x23, "a").extras(10), "23 status 01 key a");
    check(op(0x24, "a").extras(10));
    check(set("a", 7, "x"), "01 status 00");
    check(op(0x1c, "a").extras(10), "1c status 00 extras 00000007");
    check(op(0x1d, "a").extras(10), "1d status 00 extras 00000007 value x");
    check(op(0x1e, "a").extras(10), "1e status 00 extras 00000007 value x");
    check(op(0x23, "a").extras(0), "23 status 00 extras 00000007 key a value x");
    check(op(0x24, "a").extras(0), "24 status 00 extras 00000007 key a value x");
    check(op(0x1d, "a").extras(1_000_000_000), "1d status 00 extras 00000007 value x");
    check(op(0x00, "a"), "00 status 01 value Not found");
  }

  @Test
  void flushes() throws IOException {
    check(set("a", 0, "x"), "01 status 00");
    check(op(0x08, "").extras(100), "08 status 00");
    check(op(0x0c, "a"), "0c status 00 extras 00000000 key a value x");
    check(op(0x18, ""));
    check(op(0x09, "a"));
    check(set("a", 0, "x"), "01 status 00");
    check(op(0x08, "").extras(0), "08 status 00");
    check(op(0x09, "a"));
  }

  @Test
  void showsFiguresAndVersion() throws IOException {
    List<BinaryMessage> figures = exchange(op(0x10, ""));
    assertEquals("pid", figures.getFirst().key());
    assertEquals("", figures.getLast().key());
    assertEquals(0, figures.getLast().value().length);
    check(op(0x10, "reset"), "10 status 00");
    check(op(0x10, "nothing"), "10 status 01 value Not found");
    assertEquals(
        "1.6.18",
        new String(exchange(op(0x0b, "")).getFirst().value(), 0, 6, StandardCharsets.US_ASCII));
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    String invalid = " status 04 value Invalid arguments";
    check(op(0x00, ""), "00" + invalid);
    check(op(0x00, "a").extras(1), "00" + invalid);
    check(op(0x00, "a").value("x"), "00" + invalid);
    check(op(0x01, "a").value("x"), "01" + invalid);
    check(op(0x01, "").extras(0, 0).value("x"), "01" + invalid);
    check(op(0x05, "a").extras(0, 1), "05" + invalid);
    check(op(0x04, "a").value("x"), "04" + invalid);
    check(op(0x0e, "a").extras(1).value("x"), "0e" + invalid);
    check(op(0x0a, "a"), "0a" + invalid);
    check(op(0x0b, "a"), "0b" + invalid);
    check(op(0x08, "a"), "08" + invalid);
    check(op(0x07, "a"), "07" + invalid);
    check(op(0x1c, "a"), "1c" + invalid);
    check(op(0x10, "").extras(1), "10" + invalid);
    check(op(0x00, "k".repeat(251)), "00" + invalid);
    check(op(0x7f, ""), "7f status 81 value Unknown command");
    check(op(0x20, ""), "20 status 81 value Unknown command");
    check(set("k".repeat(250), 0, "x"), "01 status 00");
  }

  @Test
  void refusesLargeValuesAndGoesOn() throws IOException {
    flush();
    check(set("a", 0, "x"), "01 status 00");
    check(set("a", 0, "x".repeat(1_100_000)), "01 status 03 value Too large.");
    check(op(0x00, "a"), "00 status 01 value Not found");
    check(set("a", 0, "x"), "01 status 00");
    check(op(0x0e, "a").value("x".repeat(1_100_000)), "0e status 03 value Too large.");
    check(op(0x00, "a"), "00 status 00 extras 00000000 value x");
  }

  @Test
  void endsOnQuitAndOnOtherMagic() throws IOException {
    check(op(0x07, ""), "07 status 00");
    check(op(0x17, ""));
    exchange();
    client.send(new byte[24]);
    assertNull(BinaryMessage.read(client.socket().getInputStream()));
    client.close();
    client = null;
  }

  @Test
  void keepsOrderInPipelines() throws IOException {
    flush();
    List<BinaryMessage> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      requests.add(op(0x11, "k" + i).extras(i, 0).value("v" + i));
    }
    for (int i = 0; i < 100; i++) {
      requests.add(op(0x0d, "k" + i));
      requests.add(op(0x0d, "nothing" + i));
    }
    List<BinaryMessage> replies = exchange(requests.toArray(BinaryMessage[]::new));
    assertEquals(100, replies.size());
    for (int i = 0; i < 100; i++) {
      assertEquals("k" + i, replies.get(i).key());
      assertArrayEquals(("v" + i).getBytes(StandardCharsets.US_ASCII), replies.get(i).value());
    }
  }
}
