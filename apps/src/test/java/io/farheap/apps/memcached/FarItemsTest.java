package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items that are far come as those that are local do: whole, in order, and without blocking. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class FarItemsTest {
  private static final int ITEMS = 40_000;
  private static final int VALUE_BYTES = 1_500;
  private static final long SEED = 5;

  private static TestServer slowServer() {
    return TestServer.start(config -> config, 16 << 20, 256 << 20, "embedded:?latency=200us");
  }

  private static String value(int item) {
    String seed = "value of item " + item + "; ";
    return seed.repeat(VALUE_BYTES / seed.length() + 1).substring(0, VALUE_BYTES - item % 100);
  }

  private static void load(RawClient client) throws IOException {
    StringBuilder sets = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      String value = value(i);
      sets.append(
          "set item" + i + " " + i + " 0 " + value.length() + " noreply\r\n" + value + "\r\n");
      if (i % 1000 == 999) {
        assertEquals("", client.exchange(sets.toString()));
        sets.setLength(0);
      }
    }
  }

  private static String shown(int item) {
    return "VALUE item"
        + item
        + " "
        + item
        + " "
        + value(item).length()
        + "\r\n"
        + value(item)
        + "\r\n";
  }

  @Test
  void itemsComeWholeAndInOrder() throws Exception {
    try (TestServer server = slowServer();
        RawClient client = server.connect()) {
      load(client);
      SplittableRandom random = new SplittableRandom(SEED);
      for (int round = 0; round < 60; round++) {
        StringBuilder request = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int n = 1 + random.nextInt(30); n > 0; n--) {
          int item = random.nextInt(ITEMS);
          switch (random.nextInt(5)) {
            case 0 -> {
              request.append("get item" + item + "\r\n");
              expected.append(shown(item) + "END\r\n");
            }
            case 1 -> {
              request.append("get");
              for (int keys = 1 + random.nextInt(40); keys > 0; keys--) {
                int another = random.nextInt(ITEMS);
                request.append(" item" + another + " nothing");
                expected.append(shown(another));
              }
              request.append("\r\n");
              expected.append("END\r\n");
            }
            case 2 -> {
              request.append("mg item" + item + " v k\r\n");
              expected.append(
                  "VA " + value(item).length() + " kitem" + item + "\r\n" + value(item) + "\r\n");
            }
            case 3 -> {
              request.append("add item" + item + " 0 0 1\r\nx\r\n");
              expected.append("NOT_STORED\r\n");
            }
            default -> {
              request.append("touch item" + item + " 0\r\nincr item" + item + " 1\r\n");
              expected.append(
                  "TOUCHED\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
            }
          }
        }
        assertEquals(expected.toString(), client.exchange(request.toString()), "seed " + SEED);
      }
      assertTrue(Long.parseLong(server.server().stats().get("far_waits")) > 0, "nothing was far");
    }
  }

  @Test
  void binaryRequestsForFarItemsKeepTheirOrder() throws Exception {
    try (TestServer server = slowServer();
        RawClient first = server.connect();
        RawClient client = server.connect()) {
      load(first);
      SplittableRandom random = new SplittableRandom(SEED);
      for (int round = 0; round < 20; round++) {
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          int item = random.nextInt(ITEMS);
          items.add(item);
          client.send(BinaryMessage.request(0x0d, "item" + item).encode());
          client.send(BinaryMessage.request(0x0d, "nothing").encode());
        }
        client.send(BinaryMessage.request(0x0a, "").encode());
        for (int item : items) {
          BinaryMessage reply = BinaryMessage.read(client.socket().getInputStream());
          assertEquals("item" + item, reply.key());
          assertEquals(value(item), new String(reply.value(), StandardCharsets.US_ASCII));
        }
        assertEquals(0x0a, BinaryMessage.read(client.socket().getInputStream()).opcode());
      }
    }
  }

  @Test
  void manyClientsWaitAtOnce() throws Exception {
    int clients = 24;
    int requests = 300;
    try (TestServer server = slowServer();
        RawClient first = server.connect();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      load(first);
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        SplittableRandom random = new SplittableRandom(SEED + c);
        running.add(
            threads.submit(
                () -> {
                  try (RawClient client = server.connect()) {
                    for (int i = 0; i < requests; i++) {
                      int item = random.nextInt(ITEMS);
                      if (random.nextInt(4) == 0) {
                        String value = value(item);
                        String set = "set item" + item + " " + item + " 0 " + value.length();
                        assertEquals("STORED\r\n", client.exchange(set + "\r\n" + value + "\r\n"));
                      } else {
                        assertEquals(
                            shown(item) + "END\r\n",
                            client.exchange("get item" + item + "\r\n"),
                            () -> "" + server.server().stats());
                      }
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      assertEquals("0", server.server().stats().get("far_request_failures"));
    }
  }

  @Test
  void aGetOfThousandsOfItemsComesWholeAndInOrder() throws Exception {
    try (TestServer server = slowServer();
        RawClient client = server.connect()) {
      load(client);
      SplittableRandom random = new SplittableRandom(SEED);
      StringBuilder get = new StringBuilder("get");
      StringBuilder expected = new StringBuilder();
      for (int keys = 5_000; keys > 0; keys--) {
        int item = random.nextInt(ITEMS);
        get.append(" item").append(item);
        expected.append(shown(item));
      }
      assertEquals(expected + "END\r\n", client.exchange(get + "\r\n"));
    }
  }

  @Test
  void aClientThatLeavesWhileItsItemsAreFetchedLeavesNothing() throws Exception {
    try (TestServer server = slowServer();
        RawClient first = server.connect()) {
      load(first);
      SplittableRandom random = new SplittableRandom(SEED);
      for (int i = 0; i < 300; i++) {
        try (RawClient client = server.connect()) {
          StringBuilder get = new StringBuilder("get");
          for (int keys = 20; keys > 0; keys--) {
            get.append(" item").append(random.nextInt(ITEMS));
          }
          client.send(get + "\r\n");
          if (i % 2 == 0) {
            client.socket().setSoLinger(true, 0);
          }
        }
      }
      while (!server.server().stats().get("curr_connections").equals("1")) {
        assertEquals(shown(7) + "END\r\n", first.exchange("get item7\r\n"));
      }
      assertEquals("0", server.server().stats().get("far_request_failures"));
    }
  }

  @Test
  void aClientThatEndsItsSideIsAnsweredOnceItsItemsAreThere() throws Exception {
    try (TestServer server = slowServer();
        RawClient first = server.connect()) {
      load(first);
      for (int i = 0; i < 50; i++) {
        try (RawClient client = server.connect()) {
          client.send("get item" + i + "\r\nget item" + (ITEMS / 2 + i) + "\r\n");
          client.socket().shutdownOutput();
          assertEquals(
              shown(i) + "END\r\n" + shown(ITEMS / 2 + i) + "END\r\n",
              new String(client.readAll(), StandardCharsets.US_ASCII));
        }
      }
    }
  }
}
