package io.farheap.apps.stat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.farheap.transport.wire.ServerFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Writes figures of memory servers as lines for people and as JSON for scripts. */
public final class StatText {
  /** What stands above the lines. */
  public static final String HEADING =
      String.format(
          Locale.ROOT,
          "%8s %13s %10s %10s %10s %10s %10s %10s %6s",
          "clients",
          "slabs",
          "memory",
          "reads/s",
          "writes/s",
          "others/s",
          "MB/s",
          "p99 us",
          "lost");

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double MEGA = 1e6;
  private static final double MEBI = 1 << 20;

  private StatText() {}

  /**
   * What happened between two looks, over all servers: rates of reads, writes, other requests and
   * bytes; besides slabs, clients and lost leases as they are now. The 99th percentile is that of
   * the slowest server since its start.
   *
   * @param before the figures of an earlier look
   * @param now the figures of this one, of the same servers
   * @return a line that fits {@link #HEADING}
   */
  public static String line(List<ServerFigures> before, List<ServerFigures> now) {
    return String.format(
        Locale.ROOT,
        "%8d %13s %10s %10.0f %10.0f %10.0f %10.1f %10.1f %6d",
        sum(now, ServerFigures::clients),
        sum(now, ServerFigures::slabs) + "/" + sum(now, ServerFigures::slabCapacity),
        String.format(Locale.ROOT, "%.0f MiB", sum(now, StatText::slabMemory) / MEBI),
        rate(before, now, ServerFigures::reads),
        rate(before, now, ServerFigures::writes),
        rate(before, now, ServerFigures::otherRequests),
        rate(before, now, figures -> figures.bytesRead() + figures.bytesWritten()) / MEGA,
        now.stream().mapToLong(ServerFigures::p99Nanos).max().orElse(0) / NANOS_PER_MICRO,
        sum(now, ServerFigures::leasesLost));
  }

  private static long slabMemory(ServerFigures figures) {
    return figures.slabs() * figures.slabBytes();
  }

  private static long sum(List<ServerFigures> figures, ToLongFunction<ServerFigures> field) {
    return figures.stream().mapToLong(field).sum();
  }

  /** Per second, by the servers' own clocks. */
  private static double rate(
      List<ServerFigures> before, List<ServerFigures> now, ToLongFunction<ServerFigures> field) {
    double rate = 0;
    for (int i = 0; i < now.size(); i++) {
      ServerFigures then = before.get(i);
      ServerFigures figures = now.get(i);
      // One that was started again counts from 0.
      boolean same = figures.uptimeMillis() >= then.uptimeMillis();
      long done = field.applyAsLong(figures) - (same ? field.applyAsLong(then) : 0);
      long millis = figures.uptimeMillis() - (same ? then.uptimeMillis() : 0);
      rate += millis == 0 ? 0 : done * MILLIS_PER_SECOND / millis;
    }
    return rate;
  }

  /**
   * The figures as they are, in one line: {@code {"locator": …, "servers": [{"uptimeMillis": …}]}}
   * with the names of {@link ServerFigures}.
   *
   * @param locator whose figures they are
   * @param figures one for each server
   * @return a JSON object
   */
  public static String json(String locator, List<ServerFigures> figures) {
    List<Map<String, Long>> servers = new ArrayList<>();
    for (ServerFigures f : figures) {
      Map<String, Long> fields = new LinkedHashMap<>();
      fields.put("uptimeMillis", f.uptimeMillis());
      fields.put("clients", f.clients());
      fields.put("connections", f.connections());
      fields.put("slabs", f.slabs());
      fields.put("slabCapacity", f.slabCapacity());
      fields.put("slabBytes", f.slabBytes());
      fields.put("reads", f.reads());
      fields.put("writes", f.writes());
      fields.put("bytesRead", f.bytesRead());
      fields.put("bytesWritten", f.bytesWritten());
      fields.put("otherRequests", f.otherRequests());
      fields.put("refusals", f.refusals());
      fields.put("brokenConnections", f.brokenConnections());
      fields.put("leasesLost", f.leasesLost());
      fields.put("p50Nanos", f.p50Nanos());
      fields.put("p99Nanos", f.p99Nanos());
      servers.add(fields);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("locator", locator);
    root.put("servers", servers);
    return GSON.toJson(root);
  }
}
