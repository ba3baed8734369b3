package io.farheap.transport.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToIntFunction;

/**
 * In which order servers are asked for a slab: first that of two drawn at random which has more
 * free memory, which keeps the fullest server close to the average (Mitzenmacher, 2001); servers
 * that hold none of this client's slabs come before the others, so that losing one server loses
 * little; whoever is known to be full comes last.
 */
final class Placement {
  private Placement() {}

  /** All servers that can be asked, in the order of asking. */
  static List<RemoteServer> order(
      List<RemoteServer> servers, long slabBytes, ToIntFunction<RemoteServer> slabsOn) {
    List<RemoteServer> fresh = new ArrayList<>();
    List<RemoteServer> known = new ArrayList<>();
    List<RemoteServer> full = new ArrayList<>();
    for (RemoteServer server : servers) {
      if (server.isPresent()) {
        if (server.freeBytes() < slabBytes) {
          full.add(server);
        } else if (slabsOn.applyAsInt(server) == 0) {
          fresh.add(server);
        } else {
          known.add(server);
        }
      }
    }
    List<RemoteServer> order = new ArrayList<>();
    drawAll(fresh, order);
    drawAll(known, order);
    order.addAll(full);
    return order;
  }

  private static void drawAll(List<RemoteServer> from, List<RemoteServer> order) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (!from.isEmpty()) {
      int one = random.nextInt(from.size());
      int other = random.nextInt(from.size());
      boolean first = from.get(one).freeBytes() >= from.get(other).freeBytes();
      order.add(from.remove(first ? one : other));
    }
  }
}
