package io.farheap.transport.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * In which order members are asked for a slab: first that of two drawn at random which has more
 * free memory, which keeps the fullest member close to the average (Mitzenmacher, 2001); members
 * that hold none of this client's slabs come before the others, so that losing one loses little;
 * whoever is known to be full comes last.
 */
final class Placement {
  private Placement() {}

  /** All members that can be asked, in the order of asking. */
  static List<Member> order(List<Member> members, long slabBytes) {
    List<Candidate> fresh = new ArrayList<>();
    List<Candidate> known = new ArrayList<>();
    List<Member> full = new ArrayList<>();
    for (Member member : members) {
      long freeBytes = member.freeBytes();
      if (freeBytes >= slabBytes) {
        (member.slabs() == 0 ? fresh : known).add(new Candidate(member, freeBytes));
      } else if (freeBytes >= 0) {
        full.add(member);
      }
    }
    List<Member> order = new ArrayList<>();
    drawAll(fresh, order);
    drawAll(known, order);
    order.addAll(full);
    return order;
  }

  private record Candidate(Member member, long freeBytes) {}

  private static void drawAll(List<Candidate> from, List<Member> order) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (!from.isEmpty()) {
      int one = random.nextInt(from.size());
      int other = random.nextInt(from.size());
      boolean first = from.get(one).freeBytes() >= from.get(other).freeBytes();
      order.add(from.remove(first ? one : other).member());
    }
  }
}
